//! What goes out to an HTTP endpoint.

use relevo_agents::tools::Tools as _;
use serde_json::{Value, json};

use crate::shop::{Reply, Server, call, executors, look};

#[tokio::test]
async fn an_operations_arguments_go_where_the_schema_says() {
    let server = Server::default();
    let url = server.serve([Reply::With(200, r#"{"state":"sent"}"#.into())]).await;
    let headers = json!({"X-Shop": "1", "x-tenant": "ours"});
    let tools =
        json!({"Api": {"*": {"http": {"url": format!("{url}/v2/"), "bearerFrom": "SHOP_TOKEN", "headers": headers}}}});
    let executors = executors(&tools, None);
    let get = call(
        "Api",
        "GET /orders/{orderId}",
        &[
            ("tag", "array", r#"["a b","ñ&"]"#),
            ("orderId", "string", "10/../20"),
            ("sort", "array", r#"["x","y"]"#),
            ("filter", "object", r#"{"state":"sent","n":2}"#),
            ("X-Tenant", "string", "theirs"),
        ],
    );
    let output = executors.call(get).await.unwrap();
    assert_eq!((output.text.as_str(), output.error), (r#"{"state":"sent"}"#, false));
    let patch = [
        ("orderId", "string", "7"),
        ("body_orderId", "integer", "8"),
        ("gift", "boolean", "true"),
        ("address", "object", r#"{"street":"Elm 5"}"#),
    ];
    executors.call(call("Api", "PATCH /orders/{orderId}", &patch)).await.unwrap();
    executors.call(call("Api", "PATCH /orders/{orderId}", &patch[..1])).await.unwrap();
    let seen = server.seen();
    assert_eq!(
        seen[0].line,
        "GET /v2/orders/10%2F..%2F20?tag=a%20b&tag=%C3%B1%26&sort=x%2Cy&filter%5Bstate%5D=sent&filter%5Bn%5D=2"
    );
    assert_eq!(seen[0].headers["authorization"], "Bearer t0ken");
    assert_eq!(seen[0].headers["idempotency-key"], "session:1:abc");
    assert_eq!(
        (&seen[0].headers["x-shop"], &seen[0].headers["x-tenant"]),
        (&"1".parse().unwrap(), &"ours".parse().unwrap())
    );
    assert!(!seen[0].headers.contains_key("content-type"));
    assert_eq!(seen[1].line, "PATCH /v2/orders/7");
    assert_eq!(seen[1].headers["content-type"], "application/json");
    assert_eq!(seen[1].body, json!({"orderId": 8, "gift": true, "address": {"street": "Elm 5"}}));
    assert_eq!(seen[2].body, json!({}));
}

#[tokio::test]
async fn a_functions_arguments_are_the_address_then_the_query_or_the_body() {
    let server = Server::default();
    let url = server.serve([]).await;
    let http = |method: &str| json!({"http": {"method": method, "url": format!("{url}/o/{{order}}?v=1")}});
    let executors = executors(&json!({"Own": {"look": http("GET"), "change": http("PUT")}}), None);
    let arguments = [("order", "string", "1 2"), ("count", "integer", "3"), ("tags", "array", r#"["a","b"]"#)];
    for function in ["look", "change"] {
        executors.call(call("Own", function, &arguments)).await.unwrap();
    }
    let refused = executors.call(call("Own", "look", &[("order", "string", "..")])).await.unwrap();
    assert_eq!((refused.text.as_str(), refused.error), ("The argument order has no usable value.", true));
    let seen = server.seen();
    assert_eq!(seen.len(), 2, "a step out of the path is not sent");
    assert_eq!((seen[0].line.as_str(), &seen[0].body), ("GET /o/1%202?v=1&count=3&tags=a&tags=b", &Value::Null));
    assert_eq!((seen[1].line.as_str(), &seen[1].body), ("PUT /o/1%202?v=1", &json!({"count": 3, "tags": ["a", "b"]})));
}

#[tokio::test]
async fn what_the_endpoint_refuses_the_model_reads() {
    let server = Server::default();
    let replies = [
        Reply::With(404, r#"{"error":"no such order"}"#.into()),
        Reply::With(422, "not in stock".into()),
        Reply::With(204, String::new()),
        Reply::With(200, "in stock".into()),
    ];
    let url = server.serve(replies).await;
    let executors = executors(&json!({"Own": {"look": {"http": {"method": "GET", "url": url}}}}), None);
    let mut outputs = Vec::new();
    for _ in 0..4 {
        let output = look(&executors).await.unwrap();
        outputs.push((output.text, output.error));
    }
    let wanted = [
        (r#"{"status":404,"body":{"error":"no such order"}}"#, true),
        (r#"{"status":422,"body":"not in stock"}"#, true),
        (r#"{"status":204}"#, false),
        ("in stock", false),
    ];
    assert_eq!(outputs, wanted.map(|(text, error)| (text.to_owned(), error)));
}

#[tokio::test]
async fn no_call_is_made_without_its_token() {
    let server = Server::default();
    let url = server.serve([]).await;
    let tools = json!({"Own": {"look": {"http": {"method": "GET", "url": url, "bearerFrom": "NO_SUCH_TOKEN"}}}});
    let error = look(&executors(&tools, None)).await.unwrap_err().to_string();
    assert_eq!(error, "the environment variable NO_SUCH_TOKEN is not set");
    assert!(server.seen().is_empty());
}
