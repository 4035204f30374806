//! The operations around a chat: what a client finds its way by, and what it changes; their shapes and their refusals.

use serde_json::{Value, json};

use crate::support::{FLOW, INSTANCE, Server, start_chat};

const PARAMETER: &str = "InvalidParameterException";
const REQUEST: &str = "InvalidRequestException";
const NOT_FOUND: &str = "ResourceNotFoundException";
const HELLO: &str = r#"{"Version":"2019-10-30","StartAction":"a","Actions":[
  {"Identifier":"a","Type":"MessageParticipant","Parameters":{"Text":"Hello"},
   "Transitions":{"NextAction":"b","Errors":[{"NextAction":"b","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"b","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

async fn get(server: &Server, path: &str) -> Value {
    server.call("GET", path, "", &Value::Null).await.ok()
}

#[tokio::test]
async fn lists_lead_to_what_they_list() {
    let server = Server::start().await;
    let instances = get(&server, "/instance").await;
    assert_eq!(instances["InstanceSummaryList"][0]["Id"], INSTANCE);
    assert_eq!(
        get(&server, &format!("/instance/{INSTANCE}")).await["Instance"]["Arn"],
        instances["InstanceSummaryList"][0]["Arn"]
    );

    let queues =
        get(&server, &format!("/queues-summary/{INSTANCE}?queueTypes=STANDARD&queueTypes=AGENT&maxResults=1000")).await;
    let arn = queues["QueueSummaryList"][0]["Arn"].as_str().unwrap().replace('/', "%2F").replace(':', "%3A");
    assert_eq!(get(&server, &format!("/queues/{INSTANCE}/{arn}")).await["Queue"]["Name"], "people");
    assert_eq!(
        get(&server, &format!("/queues-summary/{INSTANCE}?queueTypes=AGENT")).await,
        json!({"QueueSummaryList": []})
    );

    let flows = get(&server, &format!("/contact-flows-summary/{INSTANCE}")).await;
    assert_eq!(flows["ContactFlowSummaryList"][0]["Id"], FLOW);
    let flow = get(&server, &format!("/contact-flows/{INSTANCE}/{FLOW}")).await["ContactFlow"].take();
    assert_eq!(
        (&flow["Type"], &flow["Status"], &flow["State"]),
        (&json!("CONTACT_FLOW"), &json!("PUBLISHED"), &json!("ACTIVE"))
    );
    assert_eq!(flow["FlowContentSha256"].as_str().unwrap().len(), 64);

    for (path, list) in
        [("users-summary", "UserSummaryList"), ("hours-of-operations-summary", "HoursOfOperationSummaryList")]
    {
        assert_eq!(get(&server, &format!("/{path}/{INSTANCE}")).await, json!({ list: [] }));
    }
    let profiles = get(&server, &format!("/routing-profiles-summary/{INSTANCE}")).await;
    assert_eq!(profiles["RoutingProfileSummaryList"].as_array().unwrap().len(), 1);
    assert!(get(&server, &format!("/instance/{INSTANCE}/lambda-functions")).await["LambdaFunctions"].is_array());
}

#[tokio::test]
async fn searches_find_by_conditions() {
    let server = Server::start().await;
    let search = async |path: &str, list: &str, criteria: Value| {
        let body = json!({"InstanceId": INSTANCE, "SearchCriteria": criteria});
        let found = server.call("POST", path, "", &body).await.ok();
        assert_eq!(found["ApproximateTotalCount"], found[list].as_array().unwrap().len());
        found[list].as_array().unwrap().len()
    };
    let name =
        |value: &str| json!({"StringCondition": {"FieldName": "name", "Value": value, "ComparisonType": "CONTAINS"}});
    for (criteria, count) in [
        (json!({}), 1),
        (name("EOPL"), 1),
        (name("machines"), 0),
        (json!({"QueueTypeCondition": "STANDARD"}), 1),
        (json!({"OrConditions": [name("machines"), name("people")]}), 1),
        (json!({"AndConditions": [name("machines"), name("people")]}), 0),
    ] {
        assert_eq!(search("/search-queues", "Queues", criteria.clone()).await, count, "{criteria}");
    }
    for (criteria, count) in [
        (Value::Null, 1),
        (json!({"TypeCondition": "CONTACT_FLOW", "StatusCondition": "PUBLISHED"}), 1),
        (json!({"StateCondition": "ARCHIVED"}), 0),
    ] {
        assert_eq!(search("/search-contact-flows", "ContactFlows", criteria.clone()).await, count, "{criteria}");
    }
    for (more, part) in [
        (json!({"SearchFilter": {"TagFilter": {}}}), "SearchFilter"),
        (json!({"SearchCriteria": {"QueueTypeCondition": "AGENT"}}), "queueTypeCondition"),
        (json!({"MaxResults": 501}), "less than or equal to 500"),
    ] {
        let mut body = json!({"InstanceId": INSTANCE});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let reply = server.call("POST", "/search-queues", "", &body).await;
        assert!(reply.body["Message"].as_str().unwrap().contains(part), "{reply:?}");
    }
}

#[tokio::test]
async fn a_wrong_flow_has_problems_and_no_message() {
    let server = Server::start().await;
    let path = format!("/contact-flows/{INSTANCE}");
    let body = |content: &str| json!({"Name": "A", "Type": "CONTACT_FLOW", "Content": content});
    let refused = server.call("PUT", &path, "", &body("{")).await;
    assert_eq!((refused.status.as_u16(), refused.header("x-amzn-errortype")), (400, "InvalidContactFlowException"));
    let members: Vec<_> = refused.body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["problems"]);
    assert!(refused.body["problems"][0]["message"].is_string(), "{refused:?}");

    let made = server.call("PUT", &path, "", &body(HELLO)).await.ok();
    let id = made["ContactFlowId"].as_str().unwrap();
    server.call("PUT", &path, "", &body(HELLO)).await.refusal(409, "DuplicateResourceException", "Message");
    let saved = format!("/contact-flows/{INSTANCE}/{id}%3A%24SAVED");
    server.call("POST", &format!("{saved}/content"), "", &json!({"Content": "{"})).await.ok();
    assert_eq!(get(&server, &saved).await["ContactFlow"]["Content"], "{");
    assert_eq!(get(&server, &format!("/contact-flows/{INSTANCE}/{id}")).await["ContactFlow"]["Content"], HELLO);
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let server = Server::start().await;
    let chat = server.start_chat().await;
    let contact = chat["ContactId"].as_str().unwrap();
    let ids = |more: Value| {
        let mut body = json!({"InstanceId": INSTANCE, "ContactId": contact});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let timer = |value: Value| {
        let timers = json!([{"ParticipantRole": "CUSTOMER", "TimerType": "IDLE", "TimerValue": value}]);
        json!({"ChannelConfiguration": {"Chat": {"ParticipantTimerConfigList": timers}}})
    };
    let of = |path: &str| path.replace("{I}", INSTANCE).replace("{C}", contact);
    let past = |more: Value| {
        let mut body = start_chat();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let table = [
        ("GET", "/instance?maxResults=11", json!({}), 400, REQUEST, "less than or equal to 10"),
        ("GET", "/instance?nextToken=x", json!({}), 400, REQUEST, "NextToken"),
        ("GET", "/instance/other", json!({}), 404, NOT_FOUND, "instance"),
        ("GET", "/queues-summary/{I}?queueTypes=FAX", json!({}), 400, PARAMETER, "'queueTypes.1.member'"),
        ("GET", "/queues-summary/{I}?maxResults=x", json!({}), 400, "SerializationException", "'maxResults'"),
        ("GET", "/queues-summary/{I}?maxResults=%ff", json!({}), 400, "SerializationException", "UTF-8"),
        ("GET", "/queues-summary/other", json!({}), 404, NOT_FOUND, "instance"),
        ("GET", "/contact-flows-summary/{I}?contactFlowTypes=MODULE", json!({}), 400, PARAMETER, "enum value set"),
        ("GET", "/contact-flows/{I}/none", json!({}), 404, NOT_FOUND, "flow \"none\""),
        ("GET", "/users/{I}/none", json!({}), 404, NOT_FOUND, "user \"none\""),
        ("GET", "/hours-of-operations/{I}/none", json!({}), 404, NOT_FOUND, "hours"),
        ("GET", "/contact/references/{I}/{C}", json!({}), 400, PARAMETER, "'referenceTypes'"),
        ("PUT", "/contact-flows/{I}", json!({}), 400, PARAMETER, "3 validation errors"),
        ("PUT", "/contact-flows/{I}", json!({"Tags": {"aws:x": "y"}}), 400, PARAMETER, "'tags.key'"),
        ("PUT", "/contact-flows/{I}", json!({"Tags": {"a*b": "y"}}), 400, PARAMETER, "'tags.key'"),
        ("POST", "/contacts/{I}/{C}", json!({}), 400, REQUEST, "At least one field"),
        ("POST", "/contacts/{I}/{C}", json!({"UserInfo": {}}), 400, REQUEST, "UserInfo"),
        (
            "POST",
            "/contacts/{I}/{C}",
            json!({"References": {"a": {"Type": "ATTACHMENT", "Value": "x"}}}),
            400,
            PARAMETER,
            "'references.member.type'",
        ),
        ("POST", "/contacts/{I}/{C}/routing-data", json!({}), 400, PARAMETER, "not both"),
        ("POST", "/contacts/{I}/{C}/routing-data", json!({"QueuePriority": 0}), 400, PARAMETER, "equal to 1"),
        ("POST", "/contact/tags", ids(json!({"Tags": {}})), 400, PARAMETER, "'tags'"),
        ("POST", "/contact/tags", ids(json!({"Tags": {"aws:a": "b"}})), 400, PARAMETER, "regular expression"),
        ("DELETE", "/contact/tags/{I}/{C}", json!({}), 400, PARAMETER, "'tagKeys'"),
        ("DELETE", "/contact/tags/{I}/{C}?TagKeys=a+b", json!({}), 400, PARAMETER, "regular expression"),
        ("POST", "/contact/transfer", ids(json!({"ContactFlowId": "f"})), 400, REQUEST, "One of QueueId and UserId"),
        (
            "POST",
            "/contact/transfer",
            ids(json!({"ContactFlowId": "f", "UserId": "u"})),
            400,
            REQUEST,
            "TASK and EMAIL",
        ),
        ("PUT", "/contact/participant-role-config/{I}/{C}", json!({}), 400, PARAMETER, "'channelConfiguration'"),
        (
            "PUT",
            "/contact/participant-role-config/{I}/{C}",
            timer(json!({"ParticipantTimerDurationInMinutes": 1})),
            400,
            PARAMETER,
            "greater than or equal to 2",
        ),
        ("PUT", "/contact/participant-role-config/{I}/{C}", timer(json!({})), 400, PARAMETER, "exactly one member"),
        (
            "PUT",
            "/contact/participant-role-config/{I}/{C}",
            timer(json!({"ParticipantTimerDurationInMinutes": 2, "ParticipantTimerAction": "Unset"})),
            400,
            PARAMETER,
            "exactly one member",
        ),
        (
            "PUT",
            "/contact/chat",
            past(json!({"PersistentChat": {"SourceContactId": "a"}})),
            400,
            PARAMETER,
            "'persistentChat.rehydrationType'",
        ),
        (
            "PUT",
            "/contact/chat",
            past(
                json!({"RelatedContactId": "a", "PersistentChat": {"RehydrationType": "FROM_SEGMENT", "SourceContactId": "a"}}),
            ),
            400,
            REQUEST,
            "exclude each other",
        ),
    ];
    for (method, path, body, status, name, part) in table {
        let reply = server.call(method, &of(path), "", &body).await;
        let message = reply.refusal(status, name, "Message");
        assert!(message.contains(part), "{method} {path} {body}: {message}");
    }
    let (_, token, _) = server.customer().await;
    let session = json!({"SessionId": "0".repeat(36), "RedirectUri": "https://example.com"});
    for path in ["/participant/authentication-url", "/participant/cancel-authentication"] {
        let reply = server.call("POST", path, &token, &session).await;
        assert!(reply.refusal(400, "ValidationException", "Message").contains("SessionId"));
        server.call("POST", path, "some-token", &session).await.refusal(403, "AccessDeniedException", "Message");
        server.call("POST", path, &token, &json!({"SessionId": "x"})).await.refusal(
            400,
            "ValidationException",
            "Message",
        );
    }
    server.alive().await;
}

#[tokio::test]
async fn a_queues_figures_of_this_moment() {
    let server = Server::start().await;
    let ask = async |more: Value| {
        let names = ["CONTACTS_IN_QUEUE", "OLDEST_CONTACT_AGE", "AGENTS_STAFFED", "SLOTS_AVAILABLE"];
        let metrics: Vec<Value> = names.iter().map(|name| json!({ "Name": name })).collect();
        let mut body =
            json!({"Filters": {"Queues": ["33333333-3333-4333-8333-333333333333"]}, "CurrentMetrics": metrics});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.call("POST", &format!("/metrics/current/{INSTANCE}"), "", &body).await
    };
    let values = |answer: &Value| -> Vec<i64> {
        let collections = answer["MetricResults"][0]["Collections"].as_array().unwrap();
        collections.iter().map(|it| it["Value"].as_i64().unwrap()).collect()
    };
    let whole = ask(json!({})).await.ok();
    assert_eq!(values(&whole), [0, 0, 1, 1]);
    assert_eq!(whole["MetricResults"][0]["Dimensions"], json!({}));
    let grouped = ask(json!({"Groupings": ["QUEUE", "CHANNEL"]})).await.ok();
    assert_eq!(values(&grouped), [0, 0, 1, 1]);
    assert_eq!(grouped["MetricResults"][0]["Dimensions"]["Channel"], "CHAT");
    let of_calls = json!({"Filters": {"Queues": ["33333333-3333-4333-8333-333333333333"], "Channels": ["VOICE"]}});
    assert_eq!(ask(of_calls).await.ok()["MetricResults"], json!([]));
    for (more, status, said) in [
        (json!({"Filters": {"Queues": ["nowhere"]}}), 404, "nowhere"),
        (json!({"Filters": {}}), 400, "Filters.Queues"),
        (json!({"Filters": {"Queues": ["q"], "Subtypes": ["connect:Chat"]}}), 400, "Filters.Subtypes"),
        (json!({"CurrentMetrics": [{"Name": "ESTIMATED_WAIT_TIME"}]}), 400, "enum value set"),
        (json!({"CurrentMetrics": [{"Name": "CONTACTS_IN_QUEUE", "Unit": "SECONDS"}]}), 400, "COUNT"),
        (json!({"SortCriteria": [{"SortByMetric": "SLOTS_ACTIVE"}]}), 400, "sortByMetric"),
    ] {
        let reply = ask(more.clone()).await;
        assert_eq!(reply.status.as_u16(), status, "{more} {reply:?}");
        assert!(reply.body["Message"].as_str().unwrap().contains(said), "{reply:?}");
    }
}

#[tokio::test]
async fn contacts_are_searched() {
    let server = Server::start().await;
    let start = async |plan: &str| {
        let mut body = start_chat();
        body["Attributes"] = json!({"plan": plan});
        server.call("PUT", "/contact/chat", "", &body).await.ok()["ContactId"].as_str().unwrap().to_owned()
    };
    let (gold, basic) = (start("gold").await, start("basic").await);
    server.call("POST", "/contact/stop", "", &json!({"InstanceId": INSTANCE, "ContactId": gold})).await.ok();
    let ask = async |time: &str, more: Value| {
        let range = json!({"Type": time, "StartTime": 1_690_000_000, "EndTime": 1_710_000_000.5});
        let mut body = json!({"InstanceId": INSTANCE, "TimeRange": range});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.call("POST", "/search-contacts", "", &body).await
    };
    let attribute = |value: &str, how: &str| {
        let criteria = json!({"Criteria": [{"Key": "plan", "Values": [value, "other"]}], "MatchType": how});
        json!({"SearchCriteria": {"SearchableContactAttributes": criteria}})
    };
    let rising = json!({"Sort": {"FieldName": "INITIATION_TIMESTAMP", "Order": "ASCENDING"}});
    let (both, only_gold, only_basic) = (vec![&basic, &gold], vec![&gold], vec![&basic]);
    for (time, more, expected) in [
        ("INITIATION_TIMESTAMP", json!({}), both.clone()),
        ("INITIATION_TIMESTAMP", rising, vec![&gold, &basic]),
        ("DISCONNECT_TIMESTAMP", json!({}), only_gold.clone()),
        ("ENQUEUE_TIMESTAMP", json!({}), vec![]),
        ("INITIATION_TIMESTAMP", attribute("gold", "MATCH_ALL"), only_gold),
        ("INITIATION_TIMESTAMP", attribute("gold", "MATCH_NONE"), only_basic),
        ("INITIATION_TIMESTAMP", json!({"SearchCriteria": {"Channels": ["VOICE"]}}), vec![]),
        (
            "INITIATION_TIMESTAMP",
            json!({"SearchCriteria": {"Channels": ["VOICE", "CHAT"], "InitiationMethods": ["API"]}}),
            both,
        ),
        (
            "INITIATION_TIMESTAMP",
            json!({"SearchCriteria": {"QueueIds": ["33333333-3333-4333-8333-333333333333"]}}),
            vec![],
        ),
    ] {
        let found = ask(time, more.clone()).await.ok();
        let ids: Vec<&str> =
            found["Contacts"].as_array().unwrap().iter().map(|it| it["Id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected, "{time} {more}");
        assert_eq!(found["TotalCount"], expected.len());
    }
    let page = ask("INITIATION_TIMESTAMP", json!({"MaxResults": 1})).await.ok();
    let rest = ask("INITIATION_TIMESTAMP", json!({"NextToken": page["NextToken"]})).await.ok();
    assert_eq!((&page["Contacts"][0]["Id"], &rest["Contacts"][0]["Id"]), (&json!(basic), &json!(gold)));
    for (more, said) in [
        (json!({"TimeRange": {"Type": "INITIATION_TIMESTAMP", "StartTime": 2, "EndTime": 1}}), "StartTime"),
        (json!({"TimeRange": {"Type": "INITIATION_TIMESTAMP", "StartTime": "now", "EndTime": 1}}), "timestamp"),
        (json!({"TimeRange": {"Type": "INITIATION_TIMESTAMP", "EndTime": 1}}), "startTime"),
        (json!({"SearchCriteria": {"ContactAnalysis": {}}}), "ContactAnalysis"),
        (json!({"Sort": {"FieldName": "NAME", "Order": "ASCENDING"}}), "fieldName"),
    ] {
        let reply = ask("INITIATION_TIMESTAMP", more).await;
        assert_eq!(reply.status, 400);
        assert!(reply.body.to_string().contains(said), "{said} {reply:?}");
    }
}
