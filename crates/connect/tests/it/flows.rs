//! Flows in the centre: functions, waiting, the queue's figures, other flows, and what the watchers see.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use relevo_connect::{
    api::{Attributes, StartChatContact},
    observe::What,
    ports::FunctionError,
};
use serde_json::{Value, json};

use crate::{
    fakes::{Body, Counted, FakeFunctions},
    world::{GREETING, INSTANCE, QUEUE, START_MS, World, bot, bot_flow, config, connect, pass, queue_flow, start},
};

/// A start function that brings the bot and leaves its token where a test finds it.
fn brings_the_bot(token: Arc<std::sync::Mutex<Option<secrecy::SecretString>>>) -> Body {
    Arc::new(move |centre, event| {
        let token = token.clone();
        Box::pin(async move {
            let contact_id = event["Details"]["ContactData"]["ContactId"].as_str().unwrap().to_owned();
            let created = centre.create_participant(bot(&contact_id, Some(&contact_id))).await.unwrap();
            *token.lock().unwrap() = Some(connect(&centre, &created.participant_token).await.0);
            Ok(json!({"status": "success"}))
        })
    })
}

#[tokio::test(start_paused = true)]
async fn the_bot_comes_answers_and_hands_over() {
    let world = World::with_flow(&bot_flow()).await;
    let token = Arc::default();
    *world.functions.body.lock().unwrap() = Some(brings_the_bot(Arc::clone(&token)));
    let mut customer = world.customer().await;
    pass(1).await;
    let token = token.lock().unwrap().clone().unwrap();
    world.say(&token, "How can I help?").await;
    assert_eq!(world.centre.inspect(&customer.contact_id).await.unwrap().state, "FLOW");
    world.centre.disconnect_participant(&token).await.unwrap();
    assert_eq!(
        customer.heard(),
        [
            "participant.joined CUSTOMER",
            "Hello",
            "participant.joined CUSTOM_BOT",
            "How can I help?",
            "participant.left CUSTOM_BOT",
            "transfer.succeeded SYSTEM",
        ]
    );
    let inspection = world.centre.inspect(&customer.contact_id).await.unwrap();
    assert_eq!(inspection.state, "QUEUED");
    let path: Vec<&str> = inspection.path.iter().map(|s| s.identifier.as_str()).collect();
    assert_eq!(path, ["hello", "call", "check", "wait", "target", "queue"]);
}

#[tokio::test(start_paused = true)]
async fn the_function_gets_the_documented_event() {
    let world = World::with_flow(&bot_flow()).await;
    let request = StartChatContact {
        attributes: Attributes::from([("orderId".into(), "7".into())]),
        customer_id: Some("c-1".into()),
        ..start()
    };
    let customer = world.customer_with(request).await;
    pass(1).await;
    let events = world.functions.events.lock().unwrap();
    let id = customer.contact_id;
    let expected = json!({
        "Details": {
            "ContactData": {
                "Attributes": {"orderId": "7"},
                "AwsRegion": "us-east-1",
                "Channel": "CHAT",
                "ContactId": id,
                "CustomerEndpoint": null,
                "CustomerId": "c-1",
                "Description": null,
                "InitialContactId": id,
                "InitiationMethod": "API",
                "InstanceARN": format!("arn:aws:connect:us-east-1:123456789012:instance/{INSTANCE}"),
                "LanguageCode": "en-US",
                "MediaStreams": {},
                "Name": null,
                "PreviousContactId": id,
                "Queue": null,
                "References": {},
                "RelatedContactId": null,
                "SegmentAttributes": {"connect:Subtype": {"ValueString": "connect:Chat"}},
                "SystemEndpoint": null,
                "Tags": {"aws:connect:instanceId": INSTANCE},
            },
            "Parameters": {"greeting": "short"},
        },
        "Name": "ContactFlowEvent",
    });
    assert_eq!(events.as_slice(), [expected]);
    assert_eq!(world.functions.limits.lock().unwrap().as_slice(), [Duration::from_secs(8)]);
}

/// A function that answers from a list, after a time.
fn answers(list: Vec<(u64, Result<Value, FunctionError>)>) -> Body {
    let list = Arc::new(std::sync::Mutex::new(std::collections::VecDeque::from(list)));
    Arc::new(move |_, _| {
        let (after_ms, answer) = list.lock().unwrap().pop_front().expect("one call too many");
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            answer
        })
    })
}

#[tokio::test(start_paused = true)]
async fn a_failing_function_is_tried_again_within_its_time() {
    let again = || Err(FunctionError::Retryable("throttled".into()));
    let good = || Ok(json!({"status": "other"}));
    for (about, list, calls) in [
        ("unknown", vec![(0, Err(FunctionError::Unknown("x".into())))], 1),
        ("failed", vec![(0, Err(FunctionError::Failed("x".into())))], 1),
        ("third time lucky", vec![(0, again()), (0, again()), (0, good())], 3),
        ("four are enough", vec![(0, again()), (0, again()), (0, again()), (0, again())], 4),
        ("no time left", vec![(4000, again()), (3950, again())], 2),
        ("too slow", vec![(9000, good())], 1),
        ("too slow at last", vec![(5000, again()), (5000, good())], 2),
    ] {
        let world = World::with_flow(&bot_flow()).await;
        *world.functions.body.lock().unwrap() = Some(answers(list));
        let mut customer = world.customer().await;
        pass(9).await;
        assert_eq!(world.functions.events.lock().unwrap().len(), calls, "{about}");
        let heard = customer.heard();
        assert_eq!(heard[2..], ["Sorry", "chat.ended"], "{about}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_stored_at_once_is_not_lost() {
    let world = World::with_flow(&bot_flow()).await;
    *world.functions.body.lock().unwrap() = Some(answers(vec![(1000, Ok(json!({"status": "other"})))]));
    let mut customer = world.customer().await;
    world.store.fails.store(3, Ordering::Relaxed);
    pass(10).await;
    assert_eq!(customer.heard()[2..], ["Sorry", "chat.ended"]);
    assert_eq!(world.functions.events.lock().unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_functions_limit_begins_when_functions_can_be_called() {
    let world = World::with_flow(&bot_flow()).await;
    *world.functions.body.lock().unwrap() = Some(answers(vec![(7000, Ok(json!({"status": "other"})))]));
    *world.functions.comes_up.lock().unwrap() = std::time::Duration::from_secs(30);
    let customer = world.customer().await;
    pass(29).await;
    assert!(world.functions.events.lock().unwrap().is_empty());
    pass(2).await;
    assert_eq!(world.functions.events.lock().unwrap().len(), 1);
    pass(8).await;
    let run = world.centre.inspect(&customer.contact_id).await.unwrap();
    let call = run.path.iter().find(|step| step.identifier == "call").unwrap();
    assert_eq!(call.outcome.as_deref(), Some("Success"), "{call:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_on_time() {
    let world = World::with_flow(GREETING).await;
    let mut customer = world.customer().await;
    pass(3599).await;
    assert_eq!(customer.heard().len(), 2);
    pass(2).await;
    assert_eq!(customer.heard(), ["It is late", "chat.ended"]);
    let reason = world.centre.inspect(&customer.contact_id).await.unwrap().disconnect_reason;
    assert_eq!(reason.as_deref(), Some("CONTACT_FLOW_DISCONNECT"));
}

/// The bot's flow, when the bot was created and never came.
#[tokio::test(start_paused = true)]
async fn a_bot_that_never_comes_does_not_hold_the_customer() {
    let world = World::with_flow(&bot_flow()).await;
    let invite: Body = Arc::new(|centre, event| {
        Box::pin(async move {
            let contact_id = event["Details"]["ContactData"]["ContactId"].as_str().unwrap().to_owned();
            centre.create_participant(bot(&contact_id, None)).await.unwrap();
            Ok(json!({"status": "success"}))
        })
    });
    *world.functions.body.lock().unwrap() = Some(invite);
    let mut customer = world.customer().await;
    pass(14).await;
    assert_eq!(customer.heard(), ["participant.joined CUSTOMER", "Hello"]);
    pass(2).await;
    assert_eq!(customer.heard(), ["transfer.succeeded SYSTEM"]);
}

fn action(identifier: &str, kind: &str, parameters: &Value, transitions: &Value) -> Value {
    json!({"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions})
}

fn flow(start: &str, actions: &[Value]) -> String {
    json!({"Version": "2019-10-30", "StartAction": start, "Actions": actions}).to_string()
}

fn next(identifier: &str) -> Value {
    json!({"NextAction": identifier, "Errors": [{"NextAction": "wrong", "ErrorType": "NoMatchingError"}]})
}

fn say(identifier: &str, text: &str, then: &str) -> Value {
    let transitions = json!({"NextAction": then, "Errors": [{"NextAction": then, "ErrorType": "NoMatchingError"}]});
    action(identifier, "MessageParticipant", &json!({"Text": text}), &transitions)
}

fn end() -> [Value; 2] {
    [say("wrong", "Wrong", "end"), action("end", "DisconnectParticipant", &json!({}), &json!({}))]
}

#[tokio::test(start_paused = true)]
async fn figures_of_the_queue_decide() {
    let check = |metric: &str| {
        let transitions = json!({
            "NextAction": "no",
            "Conditions": [{"NextAction": "yes", "Condition": {"Operator": "NumberGreaterThan", "Operands": ["0"]}}],
            "Errors": [{"NextAction": "wrong", "ErrorType": "NoMatchingError"},
                       {"NextAction": "no", "ErrorType": "NoMatchingCondition"}],
        });
        let parameters = json!({"MetricType": metric, "QueueId": QUEUE});
        let [a, b] = end();
        let list = [
            action("check", "CheckMetricData", &parameters, &transitions),
            say("yes", "Yes", "end"),
            say("no", "No", "end"),
            a,
            b,
        ];
        flow("check", &list)
    };
    let flows = [
        ("staffed", check("NumberOfAgentsStaffed")),
        ("available", check("NumberOfAgentsAvailable")),
        ("queued", check("NumberOfContactsInQueue")),
        ("age", check("OldestContactInQueueAgeSeconds")),
        ("main", queue_flow()),
    ];
    let flows: Vec<(&str, &str)> = flows.iter().map(|(id, json)| (*id, json.as_str())).collect();
    let world = World::open(config(&flows), Arc::default(), Arc::default(), START_MS).await;
    let ask = async |flow: &str| {
        let mut customer = world.customer_with(StartChatContact { contact_flow_id: flow.into(), ..start() }).await;
        customer.heard()[1].clone()
    };
    let figures = async || [ask("staffed").await, ask("available").await, ask("queued").await, ask("age").await];
    assert_eq!(figures().await, ["Yes", "Yes", "No", "No"]);
    let customer = world.customer().await;
    pass(1).await;
    assert_eq!(figures().await, ["Yes", "Yes", "Yes", "Yes"]);
    crate::world::accept(&world.centre, &customer.contact_id).await;
    assert_eq!(figures().await, ["Yes", "No", "No", "No"]);
    world.centre.set_staffed_agents(2);
    assert_eq!(figures().await, ["Yes", "Yes", "No", "No"]);
    world.centre.set_staffed_agents(0);
    assert_eq!(figures().await, ["No", "No", "No", "No"]);
}

#[tokio::test(start_paused = true)]
async fn a_foreign_queue_takes_the_error_branch() {
    let arn = "arn:aws:connect:us-east-1:999999999999:instance/other/queue/foreign";
    for (queue, heard) in [
        (QUEUE.to_owned(), "Right"),
        (format!("arn:aws:connect:us-east-1:123456789012:instance/{INSTANCE}/queue/{QUEUE}"), "Right"),
        (arn.to_owned(), "Wrong"),
        ("foreign".to_owned(), "Wrong"),
    ] {
        let [a, b] = end();
        let target = action("target", "UpdateContactTargetQueue", &json!({"QueueId": queue}), &next("right"));
        let world = World::with_flow(&flow("target", &[target, say("right", "Right", "end"), a, b])).await;
        assert_eq!(world.customer().await.heard()[1], heard, "{queue}");
    }
}

#[tokio::test(start_paused = true)]
async fn flows_lead_to_flows_and_the_queue_has_its_own() {
    let [wrong, done] = end();
    let hooks = json!({"EventHooks": {"CustomerQueue": "waiting"}});
    let main = flow(
        "attributes",
        &[
            action("attributes", "UpdateContactAttributes", &json!({"Attributes": {"vip": "yes"}}), &next("data")),
            action("data", "UpdateContactData", &json!({"LanguageCode": "es-US"}), &next("hook")),
            action("hook", "UpdateContactEventHooks", &hooks, &next("go")),
            action("go", "TransferToFlow", &json!({"ContactFlowId": "second"}), &next("wrong")),
            wrong.clone(),
            done.clone(),
        ],
    );
    let waiting = flow(
        "music",
        &[
            say("music", "Please wait", "pause"),
            action(
                "pause",
                "Wait",
                &json!({"TimeLimitSeconds": "60"}),
                &json!({
                    "NextAction": "music",
                    "Conditions": [{"NextAction": "music", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}],
                    "Errors": [{"NextAction": "music", "ErrorType": "NoMatchingError"}],
                }),
            ),
        ],
    );
    let second = queue_flow();
    let config = config(&[("main", main.as_str()), ("second", second.as_str()), ("waiting", waiting.as_str())]);
    let world = World::open(config, Arc::default(), Arc::default(), START_MS).await;
    let mut customer = world.customer().await;
    assert_eq!(customer.heard(), ["participant.joined CUSTOMER", "transfer.succeeded SYSTEM", "Please wait"]);
    pass(61).await;
    assert_eq!(customer.heard(), ["Please wait"]);
    crate::world::accept(&world.centre, &customer.contact_id).await;
    pass(600).await;
    assert!(customer.heard().is_empty());
    let described = world.centre.describe_contact(INSTANCE, &customer.contact_id).await.unwrap();
    assert_eq!(described.attributes, Attributes::from([("vip".into(), "yes".into())]));
    let at_desk = world.centre.desk_contacts().await;
    assert_eq!(at_desk[0].language_code.as_deref(), Some("es-US"));
    let path = world.centre.inspect(&customer.contact_id).await.unwrap().path;
    let path: Vec<&str> = path.iter().map(|s| s.identifier.as_str()).collect();
    let expected = ["attributes", "data", "hook", "go", "target", "queue", "music", "pause", "music", "pause"];
    assert_eq!(path, expected);
}

#[tokio::test(start_paused = true)]
async fn a_flow_that_only_loops_is_ended() {
    let loops = flow("a", &[say("a", "A", "b"), say("b", "B", "a")]);
    let world = World::with_flow(&loops).await;
    let mut customer = world.customer().await;
    assert_eq!(customer.heard().last().unwrap(), "chat.ended");
}

#[tokio::test(start_paused = true)]
async fn watchers_see_the_flow_go_its_way() {
    let world = World::with_flow(&bot_flow()).await;
    let mut watching = world.centre.observe();
    *world.functions.body.lock().unwrap() = Some(answers(vec![(10, Ok(json!({"status": "other"})))]));
    let customer = world.customer().await;
    pass(1).await;
    let mut seen = Vec::new();
    while let Ok(observation) = watching.try_recv() {
        assert_eq!(observation.contact_id, customer.contact_id);
        seen.push(match observation.what {
            What::FlowAction { identifier, .. } => format!("at {identifier}"),
            What::FlowBranch { from, to, .. } => format!("{from} -> {to}"),
            What::Item { content_type, .. } => {
                format!("item {}", content_type.rsplit("event.").next().unwrap())
            }
            What::Started => "started".into(),
            What::Ended { reason } => format!("ended {reason}"),
            other => format!("{other:?}"),
        });
    }
    let branches: Vec<&str> = seen.iter().map(String::as_str).filter(|s| s.contains("->")).collect();
    assert_eq!(branches[..4], ["hello -> call", "call -> check", "check -> sorry", "sorry -> end"]);
    let actions: Vec<&str> = seen.iter().map(String::as_str).filter(|s| s.starts_with("at ")).collect();
    assert_eq!(actions, ["at hello", "at call", "at check", "at sorry", "at end"]);
    assert_eq!(seen.first().unwrap(), "started");
    assert_eq!(seen.last().unwrap(), "ended CONTACT_FLOW_DISCONNECT");
}

/// A call that the flow does not wait for is made again by the next process, and its answer reaches the flow.
#[tokio::test(start_paused = true)]
async fn a_function_that_nobody_waits_for_survives_a_restart() {
    let [a, b] = end();
    let later =
        json!({"LambdaFunctionARN": "slow", "InvocationTimeLimitSeconds": "60", "InvocationType": "ASYNCHRONOUS"});
    let waits = json!({
        "Conditions": [{"NextAction": "told", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}],
        "Errors": [{"NextAction": "told", "ErrorType": "NoMatchingError"}],
    });
    let main = flow(
        "call",
        &[
            action("call", "InvokeLambdaFunction", &later, &next("wait")),
            action("wait", "Wait", &json!({"TimeLimitSeconds": "600"}), &waits),
            say("told", "It is $.LambdaInvocation.ResultData.status", "end"),
            a,
            b,
        ],
    );
    let flows = [("main", main.as_str())];
    let ids: Arc<Counted> = Arc::default();
    let (store, contact_id) = {
        let world = World::open(config(&flows), Arc::default(), ids.clone(), START_MS).await;
        *world.functions.body.lock().unwrap() = Some(answers(vec![(3_600_000, Ok(json!({"status": "lost"})))]));
        let customer = world.customer().await;
        (world.store.reopened(), customer.contact_id)
    };
    let functions = Arc::<FakeFunctions>::default();
    *functions.body.lock().unwrap() = Some(answers(vec![(10, Ok(json!({"status": "done"})))]));
    let topic = Arc::default();
    let world = World::open_with(config(&flows), Arc::new(store), ids, START_MS + 1000, functions, topic).await;
    pass(700).await;
    let transcript = world.transcript(&contact_id).await;
    assert!(transcript.contains(&"It is done".to_owned()), "{transcript:?}");
}

/// What is whispered reaches the agent's socket alone, and is in no transcript.
#[tokio::test(start_paused = true)]
async fn a_whisper_is_for_the_agent() {
    let hooks = json!({"EventHooks": {"AgentWhisper": "whisper"}});
    let main = flow(
        "hook",
        &[
            action("hook", "UpdateContactEventHooks", &hooks, &next("go")),
            end()[0].clone(),
            end()[1].clone(),
            action("go", "TransferToFlow", &json!({"ContactFlowId": "second"}), &next("wrong")),
        ],
    );
    let whisper =
        flow("a", &[say("a", "They are angry", "b"), action("b", "EndFlowExecution", &json!({}), &json!({}))]);
    let second = queue_flow();
    let flows = [("main", main.as_str()), ("second", second.as_str()), ("whisper", whisper.as_str())];
    let world = World::open(config(&flows), Arc::default(), Arc::default(), START_MS).await;
    let mut customer = world.customer().await;
    let agent = crate::world::accept(&world.centre, &customer.contact_id).await;
    let (_, secret) = connect(&world.centre, &agent.participant_token).await;
    // Nobody listens yet: what was said now would be lost.
    let mut socket = world.centre.open_websocket(&secret).await.unwrap();
    assert!(crate::world::heard(&mut socket).contains(&"They are angry".to_owned()));
    assert!(!customer.heard().iter().any(|heard| heard.contains("angry")));
    let path = world.centre.inspect(&customer.contact_id).await.unwrap().path;
    assert_eq!(path.iter().map(|step| step.identifier.as_str()).collect::<Vec<_>>()[4..], ["a", "b"]);
    assert!(!world.transcript(&customer.contact_id).await.iter().any(|item| item.contains("angry")));
}
