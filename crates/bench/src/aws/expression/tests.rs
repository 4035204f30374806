//! Conditions and updates, by table.

use super::*;

fn item() -> Item {
    let item = json!({"status": {"S": "open"}, "n": {"N": "7"}, "seen": {"L": [{"S": "a"}, {"S": "b"}]},
        "session": {"M": {"revision": {"N": "3"}}}, "taken": {"L": [{"M": {"id": {"S": "m1"}}}]}});
    item.as_object().unwrap().clone()
}

fn request() -> Value {
    json!({"ExpressionAttributeNames": {"#status": "status", "#n": "n"},
        "ExpressionAttributeValues": {":open": {"S": "open"}, ":shut": {"S": "shut"}, ":seven": {"N": "7"},
            ":ten": {"N": "10"}, ":a": {"S": "a"}, ":c": {"S": "c"}, ":two": {"N": "2"}, ":m1": {"S": "m1"},
            ":more": {"L": [{"S": "c"}]}}})
}

#[test]
fn conditions() {
    let table = [
        ("#status = :open AND #n <= :seven", true),
        ("#status = :shut OR #n < :ten", true),
        ("NOT contains(seen, :a)", false),
        ("NOT contains(seen, :c) AND size(seen) = :two", true),
        ("#status IN (:shut, :open)", true),
        ("session.revision >= :seven", false),
        ("taken[0].id = :m1", true),
        ("taken[1].id = :m1", false),
        ("attribute_not_exists(contactId) AND attribute_exists(#n)", true),
        ("(#n <> :seven OR #n > :ten)", false),
    ];
    for (text, wanted) in table {
        assert_eq!(Expression::new(text, &item(), &request()).holds(), Ok(wanted), "{text}");
    }
    for text in ["", "#n", "#n = :nothing", "begins_with(#n, :a)", "#n = :seven )", "#nothing = :a"] {
        assert!(Expression::new(text, &item(), &request()).holds().is_err(), "{text}");
    }
}

#[test]
fn updates() {
    let text = "SET #n = #n + :ten, seen = list_append(seen, :more), #status = :shut";
    let sets = Expression::new(text, &item(), &request()).sets().unwrap();
    assert_eq!(sets[0], ("n".into(), json!({"N": "17"})));
    assert_eq!(sets[1], ("seen".into(), json!({"L": [{"S": "a"}, {"S": "b"}, {"S": "c"}]})));
    assert_eq!(sets[2], ("status".into(), json!({"S": "shut"})));
    assert!(Expression::new("REMOVE #n", &item(), &request()).sets().is_err());
    assert!(Expression::new("SET #n = nothing", &item(), &request()).sets().is_err());
}
