//! What becomes of a function: found, called, answered or excused.

use std::{collections::BTreeMap, sync::Arc};

use relevo_bot::{
    handlers::Handler,
    ports::{Confirmation, FunctionInput, Handlers as _},
};
use relevo_handlers::Registry;
use relevo_outbound::{Invoke, LambdaEndpoint};
use serde_json::{Value, json};

use crate::server::Server;

fn input(group: &str, function: &str) -> FunctionInput {
    FunctionInput {
        action_group: group.into(),
        function: function.into(),
        agent_id: Some("A1".into()),
        collaborator_name: None,
        parameters: vec![("invoice".into(), "7".into())],
        body: None,
        confirmation: Confirmation::NotNeeded,
    }
}

fn registry(handlers: &Value, lambda: Option<&str>) -> Registry {
    let handlers: BTreeMap<String, Handler> = serde_json::from_value(handlers.clone()).unwrap();
    let lambda = lambda.map(|url| Arc::new(LambdaEndpoint::new(url)) as Arc<dyn Invoke>);
    Registry::new(handlers, lambda, |name| (name == "BILLING_TOKEN").then(|| "t0ken".to_owned()))
}

#[tokio::test]
async fn an_endpoint_gets_the_event_and_its_answer_is_the_result() {
    let server = Server::default();
    let url = server.serve().await;
    let http = |path: &str| json!({"http": {"url": format!("{url}{path}"), "bearerFrom": "BILLING_TOKEN"}});
    let registry = registry(&json!({"pay": http("/plain"), "Other.pay": http("/action-group")}), None);
    for group in ["Billing", "Other"] {
        let result = registry.call("c", "t", &input(group, "pay")).await;
        assert_eq!(result, Some(Ok("paid in full".into())));
    }
    let seen = server.seen();
    assert_eq!((seen[0].0.as_str(), seen[1].0.as_str()), ("/plain", "/action-group"));
    let (_, headers, event) = &seen[0];
    assert_eq!(headers["authorization"], "Bearer t0ken");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(event["parameters"][0], json!({"name": "invoice", "type": "string", "value": "7"}));
    assert_eq!(event["sessionAttributes"]["idempotencyKey"], headers["idempotency-key"].to_str().unwrap());
    assert_eq!(registry.call("c", "t", &input("Billing", "unknown")).await, None);
}

#[tokio::test]
async fn a_lambda_function_is_invoked_by_its_name_or_arn() {
    let server = Server::default();
    let url = server.serve().await;
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:pay:live";
    let handlers = json!({"pay": {"lambda": {"function": arn}}, "fail": {"lambda": {"function": "Fails"}}});
    let registry = registry(&handlers, Some(&url));
    assert_eq!(registry.call("c", "t", &input("Billing", "pay")).await, Some(Ok("paid in full".into())));
    let path = server.seen()[0].0.clone();
    assert_eq!(
        path,
        "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Apay%3Alive/invocations"
    );
    let failed = registry.call("c", "t", &input("Billing", "fail")).await;
    assert_eq!(failed, Some(Err("The function failed.".into())));
}

#[tokio::test]
async fn whatever_goes_wrong_is_told_to_the_agent_without_the_servers_words() {
    let server = Server::default();
    let url = server.serve().await;
    let (failed, long, late) =
        ("The function failed.", "The function's answer is too long.", "The function took too long.");
    let http = |path: &str| json!({"http": {"url": format!("{url}{path}"), "timeoutMs": 5_000}});
    for (handler, expected) in [
        (http("/broken"), failed),
        (http("/moved"), failed),
        (http("/nowhere"), failed),
        (http("/long"), long),
        (json!({"http": {"url": format!("{url}/silent"), "timeoutMs": 50}}), late),
        (json!({"http": {"url": format!("{url}/plain"), "bearerFrom": "NO_SUCH_TOKEN"}}), failed),
        (json!({"http": {"url": "http://127.0.0.1:1/"}}), failed),
        (json!({"lambda": {"function": "pay"}}), failed),
    ] {
        let registry = registry(&json!({ "pay": handler }), None);
        let result = registry.call("c", "t", &input("Billing", "pay")).await;
        assert_eq!(result, Some(Err(expected.into())), "{handler}");
    }
    let unauthorised = server.seen().iter().filter(|seen| seen.0 == "/plain").count();
    assert_eq!(unauthorised, 0, "a call without its token, or to where it was redirected, was made");
}
