//! Requests by table: what they make of an item, and what is refused.

use super::*;

fn table() -> TableSpec {
    TableSpec { name: "sessions".into(), arn: "arn:aws:dynamodb:r:1:table/sessions".into(), key: "id".into() }
}

fn item() -> Item {
    read_item(&json!({"id": {"S": "k"}, "n": {"N": "5"}, "s": {"S": "abc"}, "l": {"L": [{"S": "a"}, {"M": {"x": {"N": "1"}}}]},
        "m": {"M": {"r": {"N": "9"}}}}))
    .unwrap()
}

fn update(more: &Value) -> Value {
    let mut body = json!({"TableName": "sessions", "Key": {"id": {"S": "k"}}});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn run(operation: &str, body: &Value, old: Option<Item>) -> Result<(Value, Write), Refusal> {
    Request::read(&table(), operation, body)?.decide(old)
}

#[test]
fn conditions_by_table() {
    let cases = [
        ("n = :five", true),
        ("n <> :five", false),
        ("n < :five OR n >= :five", true),
        ("n > :five", false),
        ("n BETWEEN :one AND :five", true),
        ("n IN (:one, :abc, :five)", true),
        ("NOT n IN (:one)", true),
        ("attribute_exists(m.r) AND attribute_not_exists(m.q)", true),
        ("size(l) = :two AND size(s) > :two", true),
        ("size(n) = :one", false),
        ("contains(l, :a) AND contains(s, :a)", true),
        ("begins_with(s, :a)", true),
        ("attribute_type(l, :kind)", true),
        ("l[1].x = :one", true),
        ("l[7].x = :one", false),
        ("missing = :one", false),
        ("missing <> :one", true),
        ("missing <= :one", false),
        ("s = :five", false),
        ("s < :five", false),
        ("(n = :one OR n = :five) AND NOT (s = :a)", true),
        ("n = :one OR n = :five AND s = :a", false),
    ];
    let values = [
        (":one", json!({"N": "1"})),
        (":two", json!({"N": "2"})),
        (":five", json!({"N": "5"})),
        (":a", json!({"S": "a"})),
        (":abc", json!({"S": "abc"})),
        (":kind", json!({"S": "L"})),
    ];
    for (condition, holds) in cases {
        let used: serde_json::Map<_, _> = values
            .iter()
            .filter(|(name, _)| condition.split([' ', ',', '(', ')']).any(|word| word == *name))
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let mut body = json!({"ConditionExpression": condition});
        if !used.is_empty() {
            body["ExpressionAttributeValues"] = Value::Object(used);
        }
        let done = run("UpdateItem", &update(&body), Some(item()));
        match done {
            Ok(_) => assert!(holds, "{condition}"),
            Err(Refusal::Condition(None)) => assert!(!holds, "{condition}"),
            Err(other) => panic!("{condition}: {other}"),
        }
    }
}

#[test]
fn updates_by_table() {
    let cases = [
        ("SET n = n + :v", json!({"N": "2"}), "n", json!({"N": "7"})),
        ("SET n = :v - n", json!({"N": "2"}), "n", json!({"N": "-3"})),
        (
            "SET l = list_append(l, :v)",
            json!({"L": [{"S": "z"}]}),
            "l",
            json!({"L": [{"S": "a"}, {"M": {"x": {"N": "1"}}}, {"S": "z"}]}),
        ),
        ("SET q = if_not_exists(q, :v)", json!({"S": "new"}), "q", json!({"S": "new"})),
        ("SET n = if_not_exists(n, :v)", json!({"S": "new"}), "n", json!({"N": "5"})),
        ("SET m.r = :v", json!({"BOOL": true}), "m", json!({"M": {"r": {"BOOL": true}}})),
        ("SET l[0] = :v", json!({"S": "b"}), "l", json!({"L": [{"S": "b"}, {"M": {"x": {"N": "1"}}}]})),
        (
            "SET l[9] = :v REMOVE s",
            json!({"S": "b"}),
            "l",
            json!({"L": [{"S": "a"}, {"M": {"x": {"N": "1"}}}, {"S": "b"}]}),
        ),
        ("SET q = :v REMOVE l[0], l[1]", json!({"S": "b"}), "l", json!({"L": []})),
        // Every value is as it was before the update.
        ("SET n = :v, q = n", json!({"N": "0"}), "q", json!({"N": "5"})),
    ];
    for (expression, value, name, expected) in cases {
        let body = update(&json!({"UpdateExpression": expression, "ExpressionAttributeValues": {":v": value},
            "ReturnValues": "ALL_NEW"}));
        let (answer, write) = run("UpdateItem", &body, Some(item())).unwrap();
        assert_eq!(answer["Attributes"][name], expected, "{expression}");
        let Write::Put(after) = write else { panic!("{expression}") };
        assert_eq!(write_item(&after), answer["Attributes"], "{expression}");
    }
}

#[test]
fn an_update_makes_the_item_and_a_refusal_brings_it_along() {
    let body = update(&json!({"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}}));
    let (answer, write) = run("UpdateItem", &body, None).unwrap();
    assert_eq!(answer, json!({}));
    assert_eq!(write, Write::Put(read_item(&json!({"id": {"S": "k"}, "a": {"S": "x"}})).unwrap()));
    let put = json!({"TableName": table().arn, "Item": {"id": {"S": "k"}}, "ExpressionAttributeNames": {"#k": "id"},
        "ConditionExpression": "attribute_not_exists(#k)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD"});
    assert_eq!(run("PutItem", &put, Some(item())), Err(Refusal::Condition(Some(item()))));
    let (status, body) = Refusal::Condition(Some(item())).answer();
    assert_eq!((status, &body["Item"]["n"]), (400, &json!({"N": "5"})));
    let delete = update(&json!({"ReturnValues": "ALL_OLD"}));
    let (answer, write) = run("DeleteItem", &delete, Some(item())).unwrap();
    assert_eq!((&answer["Attributes"]["s"], write), (&json!({"S": "abc"}), Write::Remove));
}

#[test]
fn what_is_wrong_or_not_served_is_refused_by_name() {
    let long = "x".repeat(LONGEST_ITEM_BYTES);
    let cases = [
        (
            json!({"UpdateExpression": "SET id = :v", "ExpressionAttributeValues": {":v": {"S": "x"}}}),
            "part of the key",
        ),
        (json!({"UpdateExpression": "SET a = :v"}), "not defined"),
        (json!({"UpdateExpression": "SET #a = n"}), "not defined"),
        (json!({"UpdateExpression": "SET a = missing"}), "does not exist"),
        (json!({"UpdateExpression": "SET m.q.z = n"}), "document path"),
        (json!({"UpdateExpression": "SET a = s + n"}), "incorrect data type"),
        (json!({"UpdateExpression": "SET m.r = n, m = n"}), "overlap"),
        (json!({"UpdateExpression": "SET n = s REMOVE n"}), "overlap"),
        (json!({"UpdateExpression": "SET a ="}), "Syntax error"),
        (json!({"UpdateExpression": "ADD n :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}), "does not serve"),
        (json!({"UpdateExpression": ""}), "can not be empty"),
        (json!({"ConditionExpression": "n = n AND"}), "Syntax error"),
        (json!({"ConditionExpression": "n = n extra"}), "Syntax error"),
        (json!({"ConditionExpression": "n = n", "ExpressionAttributeNames": {"#x": "y"}}), "unused"),
        (json!({"ConditionExpression": "n = n", "ExpressionAttributeValues": {":x": {"S": "y"}}}), "unused"),
        (json!({"Expected": {}}), "does not serve"),
        (json!({"ReturnValues": "UPDATED_NEW"}), "does not serve"),
        (json!({"ReturnValues": "SOME"}), "invalid value"),
        (json!({"Key": {"id": {"S": ""}}}), "empty string"),
        (json!({"Key": {"id": {"N": "1"}}}), "schema"),
        (json!({"Key": {"id": {"S": "k"}, "more": {"S": "k"}}}), "schema"),
        (json!({"TableName": "other"}), "not found"),
        (
            json!({"UpdateExpression": "SET a = :v", "ExpressionAttributeValues": {":v": {"S": long}}}),
            "maximum allowed size",
        ),
    ];
    for (more, expected) in cases {
        let error = run("UpdateItem", &update(&more), Some(item())).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(expected), "{more:.120}: {error}");
    }
    let deep = format!("{}n = n{}", "(".repeat(100), ")".repeat(100));
    let nested = run("UpdateItem", &update(&json!({"ConditionExpression": deep})), Some(item()));
    assert!(nested.unwrap_err().to_string().contains("deeply"));
}
