//! Documents, right and wrong.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;
use crate::definition::{
    agent::{Function, ParameterType, RequireConfirmation},
    operation::ArgumentPlace,
};

const ORDERS: &str = r##"
openapi: 3.0.3
info: {title: Orders, version: "1"}
servers:
  - url: https://{region}.orders.example/v1/
    variables: {region: {default: eu}}
paths:
  /orders/{orderId}:
    parameters:
      - $ref: "#/components/parameters/OrderId"
      - {name: verbose, in: query, schema: {type: boolean}}
    get:
      operationId: getOrder
      summary: An order
      description: Tells where an order is.
      parameters:
        - {name: verbose, in: query, description: All of it, schema: {type: boolean, nullable: true}}
        - {name: tag, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: X-Tenant, in: header, schema: {type: string, enum: [a, b]}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
        - {name: "filter[state]", in: query, style: deepObject, schema: {type: object}}
      responses: {200: {description: ok}}
    post:
      x-requireConfirmation: ENABLED
      requestBody:
        content:
          application/json; charset=utf-8:
            schema: {$ref: "#/components/schemas/Change"}
components:
  parameters:
    OrderId: {name: orderId, in: path, required: true, schema: {type: integer, minimum: 1, exclusiveMinimum: true}}
  schemas:
    Base:
      type: object
      required: [orderId]
      properties: {orderId: {type: string, description: A second one}}
    Change:
      allOf:
        - $ref: "#/components/schemas/Base"
        - type: object
          required: [address, id]
          properties:
            id: {type: string, readOnly: true}
            address: {$ref: "#/components/schemas/Address"}
            parts: {type: array, items: {$ref: "#/components/schemas/Part"}}
    Address:
      type: object
      additionalProperties: false
      required: [street]
      properties: {street: {type: string}, zip: {type: string, example: "1"}}
    Part:
      type: object
      properties: {name: {type: string}, parts: {type: array, items: {$ref: "#/components/schemas/Part"}}}
"##;

fn operation<'f>(functions: &'f [Function], name: &str) -> &'f Function {
    functions.iter().find(|function| function.name == name).unwrap()
}

fn schema(function: &Function, parameter: &str) -> Value {
    function.parameters[parameter].schema.clone().unwrap()
}

#[test]
fn parameters_become_arguments() {
    let functions = read(ORDERS).unwrap();
    assert_eq!(functions.len(), 2);
    let get = operation(&functions, "GET /orders/{orderId}");
    assert!(get.is_called("getOrder") && !get.is_called("getorder"));
    assert_eq!(get.description.as_deref(), Some("An order\nTells where an order is."));
    let names: Vec<&String> = get.parameters.keys().collect();
    assert_eq!(names, ["orderId", "verbose", "tag", "X-Tenant", "filter_state_"]);
    let it = get.operation.as_ref().unwrap();
    assert_eq!((it.method.as_str(), it.server.as_deref()), ("GET", Some("https://eu.orders.example/v1")));
    assert_eq!(it.place("orderId"), Some(ArgumentPlace::Path));
    assert_eq!(it.place("tag"), Some(ArgumentPlace::Query { explode: false, deep: false }));
    assert_eq!(it.place("filter_state_"), Some(ArgumentPlace::Query { explode: false, deep: true }));
    assert_eq!(it.wire_name("filter_state_"), "filter[state]");
    assert!(get.parameters["orderId"].required && !get.parameters["tag"].required);
    assert_eq!(get.parameters["orderId"].r#type, ParameterType::Integer);
    assert_eq!(get.parameters["verbose"].description.as_deref(), Some("All of it"), "the operation's own counts");
    assert_eq!(schema(get, "orderId"), json!({"type": "integer", "exclusiveMinimum": 1}));
    assert_eq!(schema(get, "verbose"), json!({"type": ["boolean", "null"]}));
}

#[test]
fn a_bodys_properties_become_arguments() {
    let functions = read(ORDERS).unwrap();
    let post = operation(&functions, "POST /orders/{orderId}");
    assert_eq!(post.require_confirmation, RequireConfirmation::Enabled);
    let names: Vec<&String> = post.parameters.keys().collect();
    // `id` is read-only; the body's `orderId` needs another name than the path's.
    assert_eq!(names, ["orderId", "verbose", "body_orderId", "address", "parts"]);
    let it = post.operation.as_ref().unwrap();
    assert_eq!(it.body.as_deref(), Some("application/json; charset=utf-8"));
    assert_eq!((it.wire_name("body_orderId"), it.place("body_orderId")), ("orderId", Some(ArgumentPlace::Body)));
    assert!(post.parameters["address"].required && post.parameters["body_orderId"].required);
    assert_eq!(post.parameters["address"].r#type, ParameterType::Object);
    assert_eq!(
        schema(post, "address"),
        json!({
            "type": "object",
            "properties": {"street": {"type": "string"}, "zip": {"type": "string"}},
            "required": ["street"],
            "additionalProperties": false,
        })
    );
    let part =
        json!({"type": "object", "properties": {"name": {"type": "string"}, "parts": {"type": "array", "items": {}}}});
    assert_eq!(schema(post, "parts"), json!({"type": "array", "items": part}), "what refers to itself is cut");
}

#[test]
fn json_is_read_as_yaml_is() {
    let text = json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"parameters": [
            {"name": "n", "in": "query", "schema": {"type": ["integer", "null"]}},
            {"name": "o", "in": "query", "content": {"application/json": {"schema": {"type": "object"}}}},
            {"name": "p", "in": "query"},
            {"name": "c", "in": "cookie", "schema": {}},
        ]}}},
    });
    let functions = read(&text.to_string()).unwrap();
    let types: Vec<_> = functions[0].parameters.iter().map(|(name, it)| (name.as_str(), it.r#type)).collect();
    assert_eq!(types, [("n", ParameterType::Integer), ("o", ParameterType::Object), ("p", ParameterType::String)]);
}

#[test]
fn what_is_wrong_says_where() {
    // (what is replaced, by what, the line, the pointer, what is said)
    let table = [
        ("openapi: 3.0.3", "openapi: 2.0", 2, "#/openapi", "this is OpenAPI 2.0"),
        ("openapi: 3.0.3\n", "swagger: '2.0'\n", 2, "#/swagger", "this is Swagger 2.0"),
        ("paths:", "path:", 2, "#", "the key `paths` is missing"),
        (
            "#/components/parameters/OrderId\"",
            "#/components/parameters/Orderid\"",
            10,
            "#/paths/~1orders~1{orderId}/parameters/0",
            "refers to nothing (did you mean `OrderId`?)",
        ),
        ("\"#/components/schemas/Address\"", "other.yaml#/Address", 44, "", "only `#/...` can be referred to"),
        ("{orderId}:", "{id}:", 12, "/get", "the path's parameter `id` is not declared"),
        ("in: path,", "in: matrix,", 31, "#/components/parameters/OrderId", "a required parameter in `matrix`"),
        ("{type: integer, minimum", "{type: int, minimum", 31, "/schema/type", "\"int\" is not a type of JSON schema"),
        ("application/json; charset=utf-8", "text/xml", 26, "/requestBody/content", "the body is not JSON"),
        ("x-requireConfirmation: ENABLED", "x-requireConfirmation: true!", 24, "x-requireConfirmation", "is neither"),
        ("in: query, explode", "iin: query, explode", 18, "/get/parameters/1", "a parameter needs `name` and `in`"),
        ("/orders/{orderId}:", "orders/{orderId}:", 8, "#/paths/orders~1{orderId}", "must begin with `/`"),
        ("explode: false", "style: pipeDelimited", 18, "/parameters/1/style", "`pipeDelimited` is not supported"),
    ];
    for (what, by, line, pointer, says) in table {
        assert!(ORDERS.contains(what), "{what}");
        let faults = read(&ORDERS.replacen(what, by, 1)).unwrap_err();
        let found = faults.iter().find(|fault| fault.message.contains(says));
        let found = found.unwrap_or_else(|| panic!("{by}: {faults:#?}"));
        assert_eq!(found.spot.line, line, "{by}: {found:?}");
        assert!(found.pointer.as_deref().unwrap().ends_with(pointer), "{by}: {found:?}");
    }
    let fault = &read("openapi: [").unwrap_err()[0];
    assert_eq!(fault.pointer, None);
    for text in ["", "7", "openapi: 3.0.0\npaths: {}", "openapi: 3.0.0\npaths: {/a: {$ref: '#/paths/~1a'}}"] {
        assert!(!read(text).unwrap_err().is_empty(), "{text}");
    }
}

proptest! {
    /// Whatever is written: operations or faults with their places, and no panic.
    #[test]
    fn any_text_has_an_answer(cut in 0..ORDERS.len(), length in 0..60_usize, by in "[ \\n\\t{}\\[\\]:,#$/~\\-a-z0-9\"']{0,6}") {
        let end = (cut + length).min(ORDERS.len());
        let text = format!("{}{by}{}", &ORDERS[..cut], &ORDERS[end..]);
        match read(&text) {
            Ok(functions) => prop_assert!(functions.iter().all(|function| function.operation.is_some())),
            Err(faults) => prop_assert!(faults.iter().all(|fault| fault.spot.line >= 1 && !fault.message.is_empty())),
        }
    }
}
