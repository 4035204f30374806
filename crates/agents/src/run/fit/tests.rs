//! Values that fit, that are put right, and that are wrong.

use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn what_is_near_is_put_right() {
    for (schema, given, wanted) in [
        (json!({"type": "integer"}), json!("7"), json!(7)),
        (json!({"type": "integer"}), json!(7.0), json!(7)),
        (json!({"type": "number"}), json!(" 1.5 "), json!(1.5)),
        (json!({"type": "string"}), json!(7), json!("7")),
        (json!({"type": "boolean"}), json!("true"), json!(true)),
        (json!({"type": "array"}), json!("[1]"), json!([1])),
        (json!({"type": ["string", "null"]}), json!(null), json!(null)),
        (json!({"type": "string", "enum": ["LARGE"]}), json!("large "), json!("LARGE")),
        (json!({"enum": [1, 2]}), json!("2"), json!(2)),
        (
            json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}),
            json!(r#"{"a": "1", "b": null, "c": 3}"#),
            json!({"a": 1, "c": 3}),
        ),
        (json!({"type": "array", "items": {"type": "integer"}}), json!(["1", 2]), json!([1, 2])),
        (json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}), json!("x"), json!("x")),
        (json!({"allOf": [{"type": "integer"}]}), json!("3"), json!(3)),
        (json!(true), json!([]), json!([])),
    ] {
        let mut wrong = Vec::new();
        assert_eq!(fit(&schema, given.clone(), "x", &mut wrong), wanted, "{schema} {given}");
        assert!(wrong.is_empty(), "{schema} {given}: {wrong:?}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (schema, given, says) in [
        (json!({"type": "integer"}), json!("siete"), "The argument x must be of type integer."),
        (json!({"type": "integer"}), json!(7.5), "The argument x must be of type integer."),
        (json!({"type": "string"}), json!({}), "The argument x must be of type string."),
        (json!({"type": "string"}), json!(null), "The argument x must be of type string."),
        (json!({"enum": ["a", "b"]}), json!("c"), "The argument x must be one of: a, b."),
        (json!({"const": 5}), json!(6), "The argument x must be one of: 5."),
        (json!({"minimum": 2}), json!(1), "The argument x must be at least 2."),
        (json!({"exclusiveMaximum": 2}), json!(2), "The argument x must be less than 2."),
        (json!({"minLength": 8, "maxLength": 8}), json!("1"), "The argument x has 1 characters; it must have 8 to 8."),
        (json!({"pattern": "^[0-9]+$"}), json!("a"), "The argument x must match ^[0-9]+$."),
        (json!({"maxItems": 1}), json!([1, 2]), "The argument x has 2 items; it must have at most 1."),
        (json!({"items": {"type": "integer"}}), json!([1, "b"]), "The argument x[1] must be of type integer."),
        (json!({"required": ["a"]}), json!({}), "The argument x.a is missing."),
        (
            json!({"properties": {"street": {}}, "additionalProperties": false}),
            json!({"stret": 1}),
            "There is no argument x.stret (did you mean `street`?).",
        ),
        (json!(false), json!(1), "The argument x must not be given."),
        (
            json!({"anyOf": [{"type": "integer"}, {"required": ["a", "b"], "type": "object"}]}),
            json!("x"),
            "The argument x must be of type integer.",
        ),
    ] {
        let mut wrong = Vec::new();
        fit(&schema, given.clone(), "x", &mut wrong);
        assert_eq!(wrong, [says], "{schema} {given}");
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e6..1e6_f64).prop_map(Value::from),
        "[0-9]{1,40}|-?[0-9]{1,4}\\.[0-9]|true|false|[a-c]{0,4}|\\[1, \"2\"\\]|\\{\"a\": \"1\"\\}|\\PC{0,8}"
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec(("[a-c]", inner), 0..4).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn schema() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec!["string", "number", "integer", "boolean", "array", "object"]);
    let leaf = prop_oneof![
        Just(json!({})),
        Just(json!(true)),
        Just(json!({"type": "string", "enum": ["a", "b", "1"]})),
        Just(json!({"type": ["integer", "null"], "minimum": 0})),
        Just(json!({"type": "string", "maxLength": 4, "pattern": "^[a-c0-9]*$"})),
        name.prop_map(|name| json!({"type": name})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|items| json!({"type": "array", "items": items, "maxItems": 3})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"anyOf": [a, b]})),
            (inner.clone(), inner.clone(), any::<bool>()).prop_map(|(a, b, open)| {
                json!({"type": "object", "properties": {"a": a, "b": b}, "required": ["a"], "additionalProperties": open})
            }),
            inner.prop_map(|part| json!({"allOf": [part]})),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    /// What was put right is right: looked at again it stays as it is.
    #[test]
    fn what_fits_stays(schema in schema(), value in value()) {
        let mut wrong = Vec::new();
        let fitted = fit(&schema, value, "x", &mut wrong);
        if wrong.is_empty() {
            let again = fit(&schema, fitted.clone(), "x", &mut wrong);
            prop_assert!(wrong.is_empty(), "{} {}: {:?}", schema, fitted, wrong);
            prop_assert_eq!(again, fitted);
        }
    }

    /// A plain type is what it says, but for whole numbers that no JSON number holds.
    #[test]
    fn what_fits_is_of_its_type(
        name in prop::sample::select(vec!["string", "number", "integer", "boolean", "array", "object"]),
        value in value(),
    ) {
        let mut wrong = Vec::new();
        let fitted = fit(&json!({"type": name}), value, "x", &mut wrong);
        let long = fitted.as_str().is_some_and(|text| text.parse::<i128>().is_ok());
        prop_assert_eq!(wrong.is_empty(), is(name, &fitted) || (name == "integer" && long), "{}", fitted);
    }
}
