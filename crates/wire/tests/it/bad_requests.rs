//! Bad requests on every route: the exact status, name and shape, and the server goes on.

use std::sync::Arc;

use axum::body::Body;
use futures_util::stream;
use relevo_wire::Options;
use serde_json::{Value, json};

use crate::support::{Counter, FLOW, INSTANCE, Server, request};

/// An offered route with a body: method, path, whether it takes a bearer token, and how its service writes a message.
pub(crate) const WITH_BODY: [(&str, &str, bool, &str); 27] = [
    ("PUT", "/contact/chat", false, "Message"),
    ("POST", "/contact/create-participant", false, "Message"),
    ("POST", "/contact/start-streaming", false, "Message"),
    ("POST", "/contact/stop-streaming", false, "Message"),
    ("POST", "/contact/attributes", false, "Message"),
    ("POST", "/contact/stop", false, "Message"),
    ("POST", "/participant/connection", true, "Message"),
    ("POST", "/participant/message", true, "Message"),
    ("POST", "/participant/event", true, "Message"),
    ("POST", "/participant/transcript", true, "Message"),
    ("POST", "/participant/disconnect", true, "Message"),
    ("POST", "/agents/AGENT/agentAliases/ALIAS/sessions/session/text", false, "message"),
    ("PUT", "/contact-flows/x", false, "Message"),
    ("POST", "/contact-flows/x/y/content", false, "Message"),
    ("POST", "/contact-flows/x/y/metadata", false, "Message"),
    ("POST", "/contact-flows/x/y/name", false, "Message"),
    ("POST", "/contact/tags", false, "Message"),
    ("POST", "/contact/transfer", false, "Message"),
    ("POST", "/contacts/x/y", false, "Message"),
    ("POST", "/contacts/x/y/routing-data", false, "Message"),
    ("PUT", "/contact/participant-role-config/x/y", false, "Message"),
    ("POST", "/search-queues", false, "Message"),
    ("POST", "/search-contact-flows", false, "Message"),
    ("POST", "/search-contacts", false, "Message"),
    ("POST", "/metrics/current/x", false, "Message"),
    ("POST", "/participant/authentication-url", true, "Message"),
    ("POST", "/participant/cancel-authentication", true, "Message"),
];

fn bearer(needed: bool) -> &'static str {
    if needed { "some-token" } else { "" }
}

#[tokio::test]
async fn bodies_that_are_no_json_object() {
    let server = Server::start().await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [&[u8]; 9] =
        [b"{", b"[]", b"null", b"5", b"\"x\"", b"{\"a\":\"\xff\"}", b"\xef\xbb\xbf{}", b" ", deep.as_bytes()];
    for (method, path, token, member) in WITH_BODY {
        for body in bodies {
            let reply = server.send(request(method, path, bearer(token), body.to_vec())).await;
            reply.refusal(400, "SerializationException", member);
        }
    }
    server.alive().await;
}

#[tokio::test]
async fn other_media_types() {
    let server = Server::start().await;
    for (method, path, token, member) in WITH_BODY {
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "é"] {
            let mut request = request(method, path, bearer(token), b"{}".to_vec());
            request.headers_mut().insert("content-type", media_type.as_bytes().try_into().unwrap());
            server.send(request).await.refusal(415, "UnsupportedMediaTypeException", member);
        }
    }
}

#[tokio::test]
async fn usual_media_types_are_read() {
    let server = Server::start().await;
    for media_type in ["application/json", "Application/JSON; charset=utf-8", "application/x-amz-json-1.1"] {
        let mut request = request("POST", "/contact/stop", "", b"{}".to_vec());
        request.headers_mut().insert("content-type", media_type.try_into().unwrap());
        server.send(request).await.refusal(400, "InvalidParameterException", "Message");
    }
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    let options = Options { max_body_bytes: 1000, max_files_bytes: 0, ..Options::new(Arc::new(Counter::default()), 1) };
    let server = Server::with(options).await;
    for (method, path, token, member) in WITH_BODY {
        let large = json!({"X": "x".repeat(1000)}).to_string().into_bytes();
        let reply = server.send(request(method, path, bearer(token), large.clone())).await;
        let message = reply.refusal(413, "RequestTooLargeException", member);
        assert_eq!(message, "The request body must not be longer than 1000 bytes");

        // Announced, and not read at all; and in pieces, not announced.
        let mut announced = request(method, path, bearer(token), Vec::new());
        *announced.body_mut() = Body::from_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
        announced.headers_mut().insert("content-length", "1001".parse().unwrap());
        server.send(announced).await.refusal(413, "RequestTooLargeException", member);
        let mut pieces = request(method, path, bearer(token), Vec::new());
        let endless = stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b' '; 100]));
        *pieces.body_mut() = Body::from_stream(endless);
        server.send(pieces).await.refusal(413, "RequestTooLargeException", member);
    }
    server.alive().await;
}

#[tokio::test]
async fn bodies_that_break_off() {
    let server = Server::start().await;
    for (method, path, token, member) in WITH_BODY {
        let mut request = request(method, path, bearer(token), Vec::new());
        let parts = stream::iter([Ok(b"{".to_vec()), Err(std::io::Error::other("reset"))]);
        *request.body_mut() = Body::from_stream(parts);
        server.send(request).await.refusal(400, "SerializationException", member);
    }
}

#[tokio::test]
async fn other_methods_and_unknown_paths() {
    let server = Server::start().await;
    for (method, path, _, member) in WITH_BODY {
        let reply = server.call("PATCH", path, "", &json!({})).await;
        reply.refusal(405, "MethodNotAllowedException", member);
        assert!(reply.header("allow").split(", ").any(|allowed| allowed == method), "{path}");
        let reply = server.call(method, &format!("{path}/and/more/of/it"), "", &json!({})).await;
        reply.refusal(404, "UnknownOperationException", member);
    }
    for path in ["/", "/contact", "/contacts/", "/participant", "/nothing", "//", "/contact/chat/", "/%00"] {
        server.call("GET", path, "", &json!({})).await.refusal(404, "UnknownOperationException", "Message");
    }
    for path in ["/agents", "/knowledgebases/x", "/retrieveAndGenerate/x"] {
        server.call("GET", path, "", &json!({})).await.refusal(404, "UnknownOperationException", "message");
    }
}

#[tokio::test]
async fn operations_of_the_services_that_are_not_offered() {
    let server = Server::start().await;
    let table = [
        ("PUT", "/queues/i", "InvalidRequestException", "Message", "CreateQueue"),
        ("POST", "/search-users", "InvalidRequestException", "Message", "SearchUsers"),
        ("PUT", "/contact/outbound-voice", "InvalidRequestException", "Message", "StartOutboundVoiceContact"),
        ("POST", "/retrieveAndGenerate", "ValidationException", "message", "RetrieveAndGenerate"),
        ("GET", "/sessions/x", "ValidationException", "message", "GetSession"),
    ];
    for (method, path, name, member, operation) in table {
        let reply = server.call(method, path, "", &json!({})).await;
        let message = reply.refusal(400, name, member);
        assert_eq!(message, format!("Operation {operation} is not implemented by Relevo"));
    }
}

#[tokio::test]
async fn participants_without_a_token() {
    let server = Server::start().await;
    for (method, path, needed, member) in WITH_BODY {
        if needed {
            // The body is wrong too; who may not come in learns nothing of it.
            server.call(method, path, "", &json!({"Type": 5})).await.refusal(403, "AccessDeniedException", member);
            let long = "x".repeat(1001);
            server.call(method, path, &long, &json!({})).await.refusal(403, "AccessDeniedException", member);
            let mut two = request(method, path, "a", b"{}".to_vec());
            two.headers_mut().append("x-amz-bearer", "b".parse().unwrap());
            server.send(two).await.refusal(403, "AccessDeniedException", member);
        }
    }
}

/// A body on a route: the exception, and what the message says.
struct Bad(&'static str, &'static str, &'static str, Value, &'static str);

#[tokio::test]
async fn members_that_break_the_model() {
    const PARAMETER: &str = "InvalidParameterException";
    const REQUEST: &str = "InvalidRequestException";
    const TYPE: &str = "SerializationException";
    const VALIDATION: &str = "ValidationException";
    let server = Server::start().await;
    let chat = |more: Value| {
        let mut body =
            json!({"InstanceId": INSTANCE, "ContactFlowId": FLOW, "ParticipantDetails": {"DisplayName": "J"}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let start = |name, more, message| Bad("PUT", "/contact/chat", name, chat(more), message);
    let post = |path, name, body, message| Bad("POST", path, name, body, message);
    let agent = "/agents/AGENT/agentAliases/ALIAS/sessions/session/text";
    let result = |member: Value| json!({"sessionState": {"returnControlInvocationResults": [member]}});
    let null = "Value null at 'instanceId' failed to satisfy constraint: Member must not be null";
    let table = vec![
        start(PARAMETER, json!({"InstanceId": null}), null),
        start(
            PARAMETER,
            json!({"InstanceId": ""}),
            "'instanceId' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        start(PARAMETER, json!({"InstanceId": "x".repeat(101)}), "less than or equal to 100"),
        start(TYPE, json!({"InstanceId": 5}), "Member 'instanceId' must be a string"),
        start(PARAMETER, json!({"ParticipantDetails": {}}), "'participantDetails.displayName'"),
        start(PARAMETER, json!({"ParticipantDetails": {"DisplayName": "x".repeat(257)}}), "256"),
        start(TYPE, json!({"ParticipantDetails": "J"}), "'participantDetails' must be a structure"),
        start(
            PARAMETER,
            json!({"ChatDurationInMinutes": 59}),
            "'chatDurationInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 60",
        ),
        start(PARAMETER, json!({"ChatDurationInMinutes": 10_081}), "10080"),
        start(TYPE, json!({"ChatDurationInMinutes": "60"}), "integer"),
        start(PARAMETER, json!({"InitialMessage": {"Content": "x"}}), "'initialMessage.contentType'"),
        start(PARAMETER, json!({"ClientToken": "x".repeat(501)}), "'clientToken'"),
        start(PARAMETER, json!({"CustomerId": ""}), "'customerId'"),
        start(TYPE, json!({"Attributes": ["x"]}), "'attributes' must be a structure"),
        start(TYPE, json!({"Attributes": {"a": 1}}), "'attributes.member' must be a string"),
        start(TYPE, json!({"SupportedMessagingContentTypes": "text/plain"}), "list"),
        start(
            PARAMETER,
            json!({"ConnectionTypes": ["FAX"]}),
            "enum value set: [WEBSOCKET, CONNECTION_CREDENTIALS, AUTHENTICATION_SESSION, WEBRTC_CONNECTION]",
        ),
        start(
            PARAMETER,
            json!({"ParticipantConfiguration": {"ResponseMode": "X"}}),
            "'participantConfiguration.responseMode'",
        ),
        start(
            PARAMETER,
            json!({"ChatStreamingConfiguration": {}}),
            "'chatStreamingConfiguration.streamingEndpointArn'",
        ),
        start(PARAMETER, json!({"SegmentAttributes": {"a": {"ValueInteger": 1}}}), "ValueString alone"),
        start(PARAMETER, json!({"PersistentChat": {"SourceContactId": "x"}}), "'persistentChat.rehydrationType'"),
        post("/contact/create-participant", REQUEST, json!({}), "3 validation errors detected"),
        post(
            "/contact/create-participant",
            REQUEST,
            json!({"InstanceId": "i", "ContactId": "c", "ParticipantDetails": {"ParticipantRole": "KING"}}),
            "[AGENT, CUSTOMER, SYSTEM, CUSTOM_BOT, SUPERVISOR]",
        ),
        post(
            "/contact/create-participant",
            REQUEST,
            json!({"InstanceId": "i", "ContactId": "c", "ParticipantDetails": {}}),
            "'participantDetails.participantRole'",
        ),
        post("/contact/start-streaming", PARAMETER, json!({}), "4 validation errors detected"),
        post(
            "/contact/start-streaming",
            PARAMETER,
            json!({"InstanceId": "i", "ContactId": "c", "ClientToken": "t", "ChatStreamingConfiguration": {"StreamingEndpointArn": ""}}),
            "'chatStreamingConfiguration.streamingEndpointArn'",
        ),
        post("/contact/stop-streaming", PARAMETER, json!({"InstanceId": "i", "ContactId": "c"}), "'streamingId'"),
        post("/contact/attributes", PARAMETER, json!({"InstanceId": "i", "InitialContactId": "c"}), "'attributes'"),
        post(
            "/contact/attributes",
            TYPE,
            json!({"InstanceId": "i", "InitialContactId": "c", "Attributes": {"a": {}}}),
            "string",
        ),
        post("/contact/stop", PARAMETER, json!({"InstanceId": "i"}), "'contactId'"),
        post(
            "/participant/connection",
            VALIDATION,
            json!({"Type": []}),
            "'type' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        post("/participant/connection", VALIDATION, json!({"Type": ["websocket"]}), "'type.1.member'"),
        post("/participant/connection", TYPE, json!({"Type": [null]}), "'type.1.member' must be a string"),
        post(
            "/participant/connection",
            TYPE,
            json!({"ConnectParticipant": "true"}),
            "'connectParticipant' must be a boolean",
        ),
        post("/participant/connection", VALIDATION, json!({"Type": ["WEBRTC_CONNECTION"]}), "not supported"),
        post("/participant/message", VALIDATION, json!({}), "2 validation errors detected"),
        post(
            "/participant/message",
            VALIDATION,
            json!({"ContentType": "text/plain", "Content": ""}),
            "'content' failed to satisfy constraint: Member must have length greater than or equal to 1",
        ),
        post(
            "/participant/message",
            VALIDATION,
            json!({"ContentType": "text/plain", "Content": "x".repeat(16_385)}),
            "less than or equal to 16384",
        ),
        post("/participant/event", VALIDATION, json!({"ContentType": null}), "'contentType'"),
        post("/participant/transcript", VALIDATION, json!({"MaxResults": 101}), "'maxResults'"),
        post("/participant/transcript", VALIDATION, json!({"MaxResults": -1}), "greater than or equal to 0"),
        post("/participant/transcript", VALIDATION, json!({"ScanDirection": "UP"}), "[FORWARD, BACKWARD]"),
        post("/participant/transcript", VALIDATION, json!({"SortOrder": "up"}), "'sortOrder'"),
        post("/participant/transcript", TYPE, json!({"StartPosition": []}), "structure"),
        post(
            "/participant/transcript",
            VALIDATION,
            json!({"StartPosition": {"Id": "a", "MostRecent": 1}}),
            "Only one of",
        ),
        post("/participant/disconnect", VALIDATION, json!({"ClientToken": "x".repeat(501)}), "'clientToken'"),
        post(agent, TYPE, json!({"inputText": 5}), "'inputText' must be a string"),
        post(agent, TYPE, json!({"enableTrace": "yes"}), "boolean"),
        post(
            agent,
            TYPE,
            json!({"sessionState": {"sessionAttributes": {"a": 1}}}),
            "'sessionState.sessionAttributes.member'",
        ),
        post(
            agent,
            VALIDATION,
            json!({"sessionState": {"returnControlInvocationResults": []}}),
            "'sessionState.returnControlInvocationResults'",
        ),
        post(
            agent,
            VALIDATION,
            result(json!({})),
            "'sessionState.returnControlInvocationResults.1.member.functionResult'",
        ),
        post(agent, VALIDATION, result(json!({"apiResult": {}})), "apiResult.actionGroup'"),
        post(agent, VALIDATION, result(json!({"functionResult": {}})), "functionResult.actionGroup'"),
        post(
            agent,
            VALIDATION,
            result(json!({"functionResult": {"actionGroup": "a", "responseState": "OK"}})),
            "[FAILURE, REPROMPT]",
        ),
        post(
            agent,
            VALIDATION,
            json!({"sessionState": {"files": [{}]}}),
            "Value null at 'sessionState.files.1.member.useCase'",
        ),
        post(
            "/agents/AGENT-1/agentAliases/ALIAS/sessions/session/text",
            VALIDATION,
            json!({}),
            "'agentId' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z]+",
        ),
        post("/agents/ABCDEFGHIJK/agentAliases/ALIAS/sessions/session/text", VALIDATION, json!({}), "'agentId'"),
        post("/agents/AGENT/agentAliases/ALIAS/sessions/abc%20def/text", VALIDATION, json!({}), "'sessionId'"),
        post("/agents/AGENT/agentAliases/ALIAS/sessions/contact%2F1/text", VALIDATION, json!({}), "[0-9a-zA-Z._:-]+"),
        post("/agents/AGENT/agentAliases/ALIAS/sessions/x/text", VALIDATION, json!({}), "greater than or equal to 2"),
        post("/agents/AGENT/agentAliases/ALIAS/sessions/a%FFb/text", VALIDATION, json!({}), "UTF-8"),
    ];
    for Bad(method, path, name, body, part) in table {
        let (_, _, token, member) = WITH_BODY.iter().find(|route| route.1 == path).unwrap_or(&WITH_BODY[11]);
        let reply = server.call(method, path, bearer(*token), &body).await;
        let message = reply.refusal(400, name, member);
        assert!(message.contains(part), "{method} {path} {body}: {message}");
    }
    server.alive().await;
}

#[tokio::test]
async fn labels_that_break_the_model() {
    let server = Server::start().await;
    let long = "x".repeat(257);
    let path = format!("/contact/attributes/{INSTANCE}/{long}");
    server.call("GET", &path, "", &json!({})).await.refusal(400, "InvalidRequestException", "Message");
    let path = format!("/contacts/{INSTANCE}/{long}");
    server.call("GET", &path, "", &json!({})).await.refusal(400, "InvalidParameterException", "Message");
    let path = format!("/contacts/{INSTANCE}/%ff%fe");
    server.call("GET", &path, "", &json!({})).await.refusal(400, "InvalidParameterException", "Message");
}

#[tokio::test]
async fn an_agent_nobody_knows() {
    let server = Server::start().await;
    let path = "/agents/AGENT/agentAliases/TSTALIASID/sessions/session-1/text";
    let reply = server.call("POST", path, "", &json!({"inputText": "hola"})).await;
    reply.refusal(404, "ResourceNotFoundException", "message");
}
