//! The words and the order of what is wrong.

use serde_json::{Value, json};

use super::*;
use crate::error::Kind;

fn fault(body: &Value, read: impl Fn(&Members<'_>)) -> Option<(Kind, String)> {
    let faults = Faults::default();
    read(&Members::of(body.as_object().unwrap(), &faults));
    faults.check().err().map(|error| (error.kind, error.message))
}

#[test]
fn a_missing_member_is_named_by_its_path() {
    let message = fault(&json!({"ParticipantDetails": {"DisplayName": null}}), |body| {
        body.required_structure("ParticipantDetails").unwrap().required_text("DisplayName", &(1..=256));
    });
    let expected = "1 validation error detected: Value null at 'participantDetails.displayName' failed to satisfy \
                    constraint: Member must not be null";
    assert_eq!(message, Some((Kind::InvalidParameter, expected.to_owned())));
}

#[test]
fn all_broken_constraints_are_told_at_once() {
    let (kind, message) = fault(&json!({"A": "", "B": 61, "C": "X"}), |body| {
        body.text("A", &(1..=3));
        body.integer("B", &(0..=60));
        body.word("C", &[("Y", ()), ("Z", ())]);
    })
    .unwrap();
    assert_eq!(kind, Kind::InvalidParameter);
    assert_eq!(
        message,
        "3 validation errors detected: Value at 'a' failed to satisfy constraint: Member must have length greater \
         than or equal to 1; Value at 'b' failed to satisfy constraint: Member must have value less than or equal to \
         60; Value at 'c' failed to satisfy constraint: Member must satisfy enum value set: [Y, Z]"
    );
}

#[test]
fn a_wrong_type_comes_first_and_never_repeats_the_value() {
    let (kind, message) = fault(&json!({"A": "", "B": "secret"}), |body| {
        body.text("A", &(1..=3));
        body.integer("B", &(0..=60));
    })
    .unwrap();
    assert_eq!(kind, Kind::Serialization);
    assert_eq!(message, "Member 'b' must be an integer, and is a string");
}

#[test]
fn lengths_are_counted_in_characters() {
    let body = json!({"A": "ñandú"});
    assert_eq!(
        fault(&body, |body| {
            _ = body.text("A", &(5..=5));
        }),
        None
    );
    assert!(
        fault(&body, |body| {
            _ = body.text("A", &(0..=4));
        })
        .is_some()
    );
}

#[test]
fn numbers_out_of_every_range_are_constraints() {
    for number in [json!(-1), json!(u64::MAX), json!(i64::MIN), json!(101)] {
        let (kind, _) = fault(&json!({"A": number}), |body| {
            _ = body.integer("A", &(0..=100));
        })
        .unwrap();
        assert_eq!(kind, Kind::InvalidParameter, "{number}");
    }
    for wrong in [json!(1.5), json!("1"), json!([1]), json!(true)] {
        let (kind, _) = fault(&json!({"A": wrong}), |body| {
            _ = body.integer("A", &(0..=100));
        })
        .unwrap();
        assert_eq!(kind, Kind::Serialization, "{wrong}");
    }
}

#[test]
fn null_members_of_maps_are_dropped_and_null_members_of_lists_are_refused() {
    let body = json!({"Map": {"a": "1", "b": null}, "List": ["x", null]});
    let faults = Faults::default();
    let members = Members::of(body.as_object().unwrap(), &faults);
    assert_eq!(members.texts("Map", &(1..=9), &(0..=9)), [("a".to_owned(), "1".to_owned())].into());
    assert!(faults.check().is_ok());
    members.list_of_texts("List", &(0..=9), &(0..=9));
    assert_eq!(faults.check().unwrap_err().message, "Member 'list.2.member' must be a string, and is null");
}
