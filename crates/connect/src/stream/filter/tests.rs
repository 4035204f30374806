//! The language by table, and what must hold of any policy.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{FilterPolicy, FilterScope};
use crate::stream::Notification;

fn attributes(pairs: &[(&str, &str)]) -> Notification {
    let attributes = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    Notification { message: "{}".into(), attributes }
}

fn body(body: &Value) -> Notification {
    Notification { message: body.to_string(), attributes: [].into() }
}

fn over_attributes(policy: &Value) -> FilterPolicy {
    FilterPolicy::parse(&policy.to_string()).unwrap_or_else(|why| panic!("{policy}: {why}"))
}

fn over_body(policy: &Value) -> FilterPolicy {
    FilterPolicy::parse_in(FilterScope::MessageBody, &policy.to_string())
        .unwrap_or_else(|why| panic!("{policy}: {why}"))
}

fn refusal(scope: FilterScope, policy: &str) -> String {
    FilterPolicy::parse_in(scope, policy).map(|_| policy.to_owned()).expect_err(policy).to_string()
}

#[test]
fn attributes_by_table() {
    let customer = attributes(&[("ParticipantRole", "CUSTOMER"), ("Type", "MESSAGE")]);
    let ended = attributes(&[("Type", "EVENT"), ("ContentType", "x.chat.ended")]);
    for (policy, on_customer, on_ended) in [
        ("{}", true, true),
        (r#"{"ParticipantRole":["CUSTOMER"],"Type":["MESSAGE"]}"#, true, false),
        (r#"{"ParticipantRole":["AGENT","CUSTOMER"]}"#, true, false),
        (r#"{"ParticipantRole":["customer"]}"#, false, false),
        (r#"{"ParticipantRole":[{"equals-ignore-case":"customer"}]}"#, true, false),
        (r#"{"ParticipantRole":[{"exists":false}]}"#, false, true),
        (r#"{"ParticipantRole":[{"exists":true}]}"#, true, false),
        (r#"{"ParticipantRole":["CUSTOMER",{"exists":false}]}"#, true, true),
        (r#"{"ContentType":[{"suffix":"chat.ended"}]}"#, false, true),
        (r#"{"ParticipantRole":[{"prefix":"CUST"}]}"#, true, false),
        (r#"{"ContentType":[{"wildcard":"x.*.ended"}]}"#, false, true),
        (r#"{"Type":[{"anything-but":["MESSAGE","ATTACHMENT"]}]}"#, false, true),
        (r#"{"Type":[{"anything-but":"EVENT"}]}"#, true, false),
        (r#"{"Type":[{"anything-but":{"prefix":"EV"}}]}"#, true, false),
        (r#"{"Type":[{"anything-but":{"prefix":["EV","MESS"]}}]}"#, false, false),
        (r#"{"Type":[{"anything-but":{"suffix":"ENT"}}]}"#, true, false),
        (r#"{"Type":[{"anything-but":{"wildcard":"*E*T"}}]}"#, true, false),
        (r#"{"Type":[{"anything-but":{"equals-ignore-case":["event"]}}]}"#, true, false),
        // an absent attribute is not "anything but"
        (r#"{"ParticipantRole":[{"anything-but":["AGENT"]}]}"#, true, false),
        // what no string is matches none; and none of them is a number
        (r#"{"Type":[1]}"#, false, false),
        (r#"{"Type":[true,false,null]}"#, false, false),
        (r#"{"Type":[{"numeric":[">",0]}]}"#, false, false),
        (r#"{"Type":[{"anything-but":[1,2]}]}"#, true, true),
        (r#"{"$or":[{"ParticipantRole":["CUSTOMER"]},{"Type":["EVENT"]}]}"#, true, true),
        (r#"{"Type":["EVENT"],"$or":[{"ParticipantRole":["AGENT"]},{"ContentType":[{"prefix":"x."}]}]}"#, false, true),
        // names of operators: an ordinary attribute
        (r#"{"$or":[{"prefix":"CUST"},{"suffix":"ENT"}]}"#, false, false),
    ] {
        let parsed = FilterPolicy::parse(policy).unwrap_or_else(|why| panic!("{policy}: {why}"));
        assert_eq!(parsed.matches(&customer), on_customer, "{policy}");
        assert_eq!(parsed.matches(&ended), on_ended, "{policy}");
    }
    let ordinary = over_attributes(&json!({"$or": [{"prefix": "CUST"}, {"suffix": "ENT"}]}));
    assert!(ordinary.matches(&attributes(&[("$or", "CUSTOMER")])));
    // "only matches if at least one attribute is present"
    assert!(!over_attributes(&json!({"Type": [{"exists": false}]})).matches(&attributes(&[])));
}

#[test]
fn bodies_by_table() {
    let message = json!({
        "Content": "", "Price": 301.5, "Urgent": true, "Agent": null, "Count": 0, "Tags": ["rugby", "baseball"], "None": [],
        "Ip": "10.0.0.255", "Ipv6": "2001:db8::1", "Far": 2e9,
        "Attachments": [{"Status": "APPROVED", "Size": {"Bytes": 7}}, {"Status": "REJECTED"}],
        "MessageMetadata": {"Receipts": [{"ReadTimestamp": "2026"}]},
    });
    let message = body(&message);
    for (policy, wanted) in [
        (json!({"Price": [301.5]}), true),
        (json!({"Price": [3.015e2]}), true),
        (json!({"Price": ["301.5"]}), false),
        (json!({"Price": [{"numeric": ["=", 301.5]}]}), true),
        (json!({"Price": [{"numeric": ["=", 301.500_001]}]}), true),
        (json!({"Price": [{"numeric": ["=", 301.500_01]}]}), false),
        (json!({"Price": [{"numeric": ["<", 301.5]}]}), false),
        (json!({"Price": [{"numeric": ["<=", 301.5]}]}), true),
        (json!({"Price": [{"numeric": [">", 300, "<", 301.5]}]}), false),
        (json!({"Price": [{"numeric": [">=", 301.5, "<=", 400]}]}), true),
        (json!({"Price": [{"anything-but": [100, 301.5]}]}), false),
        (json!({"Price": [{"anything-but": 100}]}), true),
        (json!({"Price": [{"anything-but": "x"}]}), true),
        (json!({"Far": [{"numeric": [">", 0]}]}), false),
        (json!({"Count": [{"numeric": ["=", -0.0]}]}), true),
        (json!({"Urgent": [true]}), true),
        (json!({"Urgent": [false, "true"]}), false),
        (json!({"Agent": [null]}), true),
        (json!({"Nobody": [null]}), false),
        (json!({"Tags": ["rugby"]}), true),
        (json!({"Tags": [{"anything-but": ["rugby"]}]}), true),
        (json!({"Tags": [{"anything-but": ["rugby", "baseball"]}]}), false),
        (json!({"Ip": [{"cidr": "10.0.0.0/24"}]}), true),
        (json!({"Ip": [{"cidr": "10.0.1.0/24"}]}), false),
        (json!({"Ip": [{"cidr": "0.0.0.0/0"}]}), true),
        (json!({"Ip": [{"cidr": "::/0"}]}), false),
        (json!({"Ipv6": [{"cidr": "2001:db8::/32"}]}), true),
        (json!({"Content": [{"cidr": "::/0"}]}), false),
        // "the key must have a non-null and non-empty value", and is a leaf
        (json!({"Content": [{"exists": true}]}), false),
        (json!({"Agent": [{"exists": true}]}), false),
        (json!({"None": [{"exists": true}]}), false),
        (json!({"Attachments": [{"exists": true}]}), false),
        (json!({"Count": [{"exists": true}]}), true),
        (json!({"Nobody": [{"exists": false}]}), true),
        (json!({"Attachments": {"Status": ["REJECTED"]}}), true),
        (json!({"Attachments": {"Status": ["IN_PROGRESS"]}}), false),
        (json!({"Attachments": {"Size": {"Bytes": [{"numeric": ["<", 8]}]}}}), true),
        (json!({"Attachments": {"$or": [{"Status": ["NEVER"]}, {"Size": {"Bytes": [7]}}]}}), true),
        (json!({"MessageMetadata": {"Receipts": {"ReadTimestamp": [{"exists": true}]}}}), true),
        (json!({"MessageMetadata.Receipts": {"ReadTimestamp": [{"exists": true}]}}), true),
    ] {
        assert_eq!(over_body(&policy).matches(&message), wanted, "{policy}");
    }
    let policy = over_body(&json!({"Nobody": [{"exists": false}]}));
    for no_object in ["", "hello", "[1]", "7", "{}"] {
        let notification = Notification { message: no_object.into(), attributes: [].into() };
        assert!(!policy.matches(&notification), "{no_object}");
        assert!(FilterPolicy::default().matches(&notification), "{no_object}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_key() {
    let attributes = FilterScope::MessageAttributes;
    for (policy, wanted) in [
        ("", "not JSON"),
        ("[]", "a policy is a JSON object"),
        (r#"{"Type":"MESSAGE"}"#, r#""Type" must be a list of conditions"#),
        (r#"{"Type":[]}"#, r#""Type" has an empty list"#),
        (
            r#"{"Type":{"X":["a"]}}"#,
            r#""Type" must be a list of conditions; nested policies go with the scope MessageBody"#,
        ),
        (r#"{"Type":[["a"]]}"#, r#""Type": a condition is a string, a number"#),
        (r#"{"Type":[{}]}"#, "with one operator"),
        (r#"{"Type":[{"prefix":"a","suffix":"b"}]}"#, "with one operator"),
        (r#"{"Type":[{"prefixes":"a"}]}"#, r#""Type": there is no operator "prefixes"; there are prefix, "#),
        (r#"{"Type":[{"prefix":1}]}"#, r#""prefix" takes a string"#),
        (r#"{"Type":[{"exists":"yes"}]}"#, r#""exists" takes true or false"#),
        (r#"{"Type":[{"cidr":"10.0.0.0"}]}"#, r#""Type": "cidr" takes a block of addresses such as 10.0.0.0/24"#),
        (r#"{"Type":[{"cidr":"10.0.0.0/33"}]}"#, "not 10.0.0.0/33"),
        (r#"{"Type":[{"cidr":["10.0.0.0/8"]}]}"#, r#""cidr" takes a string"#),
        (r#"{"Type":[{"wildcard":"a**b"}]}"#, "one * is enough"),
        (r#"{"Type":[{"wildcard":"a\\b"}]}"#, "a backslash stands before"),
        (r#"{"Type":[{"anything-but":[]}]}"#, r#""Type": "anything-but" takes a string or a number"#),
        (r#"{"Type":[{"anything-but":["a",1]}]}"#, r#""anything-but" takes"#),
        (r#"{"Type":[{"anything-but":[true]}]}"#, r#""anything-but" takes"#),
        (r#"{"Type":[{"anything-but":null}]}"#, r#""anything-but" takes"#),
        (r#"{"Type":[{"anything-but":{"numeric":["=",1]}}]}"#, r#""anything-but" takes"#),
        (r#"{"Type":[{"anything-but":{"prefix":[1]}}]}"#, r#""anything-but" takes"#),
        (r#"{"Type":[{"anything-but":{"prefix":"a","suffix":"b"}}]}"#, r#""anything-but" takes"#),
        (r#"{"Type":[{"anything-but":{}}]}"#, r#""anything-but" takes"#),
        (r#"{"Type":[1000000000.1]}"#, "from -10^9 to 10^9"),
        (r#"{"Type":[{"numeric":["=",-1e10]}]}"#, "from -10^9 to 10^9"),
        (r#"{"Type":[{"numeric":[]}]}"#, r#""numeric" takes"#),
        (r#"{"Type":[{"numeric":["=","1"]}]}"#, r#""numeric" takes"#),
        (r#"{"Type":[{"numeric":["!=",1]}]}"#, r#""numeric" takes"#),
        (r#"{"Type":[{"numeric":[1,"="]}]}"#, r#""numeric" takes"#),
        (r#"{"Type":[{"numeric":["<",100,">",10]}]}"#, r#""numeric" takes"#),
        (r#"{"Type":[{"numeric":[">",3,"<",1]}]}"#, "the lower comes first"),
        (r#"{"Type":[{"numeric":[">",20,"<",30,"<",50]}]}"#, r#""numeric" takes"#),
        (r#"{"$or":[{"Type":["MESSAGE"]}]}"#, r#""$or" is an ordinary name here"#),
        (r#"{"$or":[{"numeric":123},{"prefix":"abc"}]}"#, r#""$or" is an ordinary name here"#),
        (r#"{"$or":[{"Type":["a"]},{}]}"#, r#""$or" has an empty object"#),
        (
            r#"{"a":[1],"b":[1],"c":[1],"$or":[{"d":[1]},{"e":[1],"f":[1]}]}"#,
            "five keys are the most, and there are a, b, c, d, e, f",
        ),
    ] {
        let error = refusal(attributes, policy);
        assert!(error.contains(wanted), "{policy}: {error}");
    }
    let error = refusal(FilterScope::MessageBody, r#"{"A":{"B":{"C":[{"prefix":1}]}}}"#);
    assert_eq!(error, r#"filter policy: "A.B.C": "prefix" takes a string"#);
    assert!(refusal(FilterScope::MessageBody, r#"{"A":{}}"#).contains("\"A\" is empty"));
    assert!(refusal(attributes, &" ".repeat(300_000)).contains("262144 are the most"));
}

/// The examples of the guide, and policies around the limit.
#[test]
fn combinations_are_counted_as_the_guide_does() {
    let values = |count: usize| (0..count).collect::<Vec<_>>();
    for (policy, wanted) in [
        (json!({"a": values(3), "b": values(1), "c": values(2)}), 6),
        (json!({"a": {"b": {"c": values(4)}}, "d": {"e": values(3)}}), 72),
        (
            json!({"source": values(1), "$or": [
                {"metricName": values(2)},
                {"metricType": values(1), "$or": [{"metricId": values(2)}, {"spaceId": values(3)}]},
            ]}),
            7,
        ),
        (
            json!({
                "$or": [{"metricName": values(2)}, {"namespace": values(2)}],
                "detail": {"scope": values(1), "$or": [{"source": values(1)}, {"type": values(1)}]},
            }),
            32,
        ),
        (json!({"a": values(150)}), 150),
    ] {
        assert_eq!(over_body(&policy).rules.combinations(), wanted, "{policy}");
    }
    for too_many in
        [json!({"a": values(151)}), json!({"a": values(12), "b": values(13)}), json!({"a": {"b": values(76)}})]
    {
        assert!(refusal(FilterScope::MessageBody, &too_many.to_string()).contains("150 are the most"), "{too_many}");
    }
    // Nested keys do not count among the five.
    let six = json!({"a": {"b": [1], "c": [1], "d": [1]}, "e": [1], "f": [1], "g": [1]});
    assert!(FilterPolicy::parse_in(FilterScope::MessageBody, &six.to_string()).is_ok());
}

#[test]
fn what_never_matches_is_told() {
    let policy =
        json!({"Type": ["MESSAGE", 1, null], "$or": [{"ContactId": [{"numeric": ["=", 1]}]}, {"Typ": [true]}]});
    let notes = over_attributes(&policy).notes();
    assert_eq!(notes.len(), 5, "{notes:#?}");
    for wanted in
        ["\"Type\": a number never", "\"Type\": null never", "\"ContactId\": \"numeric\" never", "\"Typ\" is no"]
    {
        assert!(notes.iter().any(|note| note.starts_with(wanted)), "{wanted}: {notes:#?}");
    }
    assert!(over_attributes(&json!({"Type": [{"anything-but": [1]}, "EVENT"]})).notes().is_empty());
    assert!(over_body(&policy).notes().is_empty());
}

/// A pattern by trying everything.
fn matches_slowly(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|from| matches_slowly(rest, &text[from..])),
        Some((wanted, rest)) => {
            text.split_first().is_some_and(|(found, left)| found == wanted && matches_slowly(rest, left))
        }
    }
}

fn on_type(condition: &Value, value: &str) -> bool {
    over_attributes(&json!({"Type": [condition]})).matches(&attributes(&[("Type", value)]))
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a*.\\\\]{0,3}".prop_map(Value::from),
        prop_oneof!["<", ">=", "10.0.0.0/8", "=", "::1/200"].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let name = prop_oneof![
            "[ab.]{0,2}",
            "\\$or",
            "prefix",
            "wildcard",
            "anything-but",
            "numeric",
            "exists",
            "cidr",
            "suffix"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn wildcards_match_as_by_trying_everything(pattern in "\\*?([ab]{1,2}\\*){0,3}[ab]{0,2}", text in "[ab]{0,8}") {
        let by_trying = matches_slowly(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>());
        prop_assert_eq!(on_type(&json!({"wildcard": pattern}), &text), by_trying);
    }

    #[test]
    fn an_escaped_text_matches_itself_alone(text in "[a*\\\\]{0,6}", other in "[a*\\\\]{0,6}") {
        let escaped = text.replace('\\', "\\\\").replace('*', "\\*");
        let pattern = json!({"wildcard": escaped});
        prop_assert!(on_type(&pattern, &text));
        prop_assert_eq!(on_type(&pattern, &other), text == other);
    }

    #[test]
    fn anything_but_is_the_opposite(
        operator in prop_oneof!["prefix", "suffix", "equals-ignore-case", "wildcard"],
        operand in "[abA]{0,2}",
        text in "[abA]{1,4}",
    ) {
        let yes = json!({&operator: operand});
        prop_assert_ne!(on_type(&yes, &text), on_type(&json!({"anything-but": yes}), &text));
        prop_assert_ne!(on_type(&json!(operand), &text), on_type(&json!({"anything-but": operand}), &text));
    }

    #[test]
    fn ranges_are_comparisons(low in -50i32..50, more in 1i32..50, value in -60i32..60) {
        let (high, found) = (low + more, body(&json!({"n": f64::from(value) / 100.0})));
        let holds = |range: Value| over_body(&json!({"n": [{"numeric": range}]})).matches(&found);
        let (from, to) = (f64::from(low) / 100.0, f64::from(high) / 100.0);
        prop_assert_eq!(holds(json!(["=", from])), value == low);
        prop_assert_eq!(holds(json!(["<", from])), value < low);
        prop_assert_eq!(holds(json!([">=", from])), value >= low);
        prop_assert_eq!(holds(json!([">", from, "<=", to])), value > low && value <= high);
        prop_assert_eq!(holds(json!([">=", from, "<", to])), value >= low && value < high);
    }

    #[test]
    fn a_block_holds_what_shares_its_bits(network: u32, address: u32, bits in 0u32..=32) {
        let text = |address: u32| std::net::Ipv4Addr::from(address).to_string();
        let same = bits == 0 || network >> (32 - bits) == address >> (32 - bits);
        let block = json!({"cidr": format!("{}/{bits}", text(network))});
        prop_assert_eq!(on_type(&block, &text(address)), same);
        prop_assert!(on_type(&block, &text(network)));
    }

    #[test]
    fn or_is_one_of_them_and_keys_are_all_of_them(a in "[xy]", b in "[xy]", found_a in "[xy]", found_b in "[xy]") {
        let found = attributes(&[("Type", &found_a), ("ContactId", &found_b)]);
        let (left, right) = (found_a == a, found_b == b);
        let or = over_attributes(&json!({"$or": [{"Type": [a]}, {"ContactId": [b]}]}));
        prop_assert_eq!(or.matches(&found), left || right);
        prop_assert_eq!(over_attributes(&json!({"Type": [a], "ContactId": [b]})).matches(&found), left && right);
    }

    #[test]
    fn any_json_is_read_or_refused(
        policy in prop::collection::btree_map("a|b|\\$or", any_json(), 1..3),
        message in any_json(),
    ) {
        let policy = json!(policy);
        for scope in [FilterScope::MessageAttributes, FilterScope::MessageBody] {
            if let Ok(policy) = FilterPolicy::parse_in(scope, &policy.to_string()) {
                policy.matches(&body(&message));
                policy.notes();
            }
        }
    }
}
