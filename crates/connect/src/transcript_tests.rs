//! The pages of `GetTranscript`, by table and by property.

use proptest::prelude::*;

use super::*;
use crate::item::{ItemType, MessageMetadata, ProcessingStatus, Role, iso_time};

/// Items `i0`, `i1`, … at 1000 ms, 1010 ms, ….
fn log(len: u64) -> Log {
    let entry = |seq: u64| {
        let at_ms = 1000 + 10 * i64::try_from(seq).unwrap();
        let item = Item {
            absolute_time: iso_time(at_ms),
            content: Some(format!("text {seq}")),
            content_type: "text/plain".into(),
            id: format!("i{seq}"),
            r#type: ItemType::Message,
            participant_id: Some("p".into()),
            display_name: None,
            participant_role: Some(Role::Customer),
            attachments: Vec::new(),
            initial_contact_id: "c".into(),
            contact_id: "c".into(),
            related_contact_id: None,
            message_metadata: None,
        };
        Entry { seq, at_ms, client_token: Some(format!("t{seq}")), item }
    };
    Log::from_entries((0..len).map(entry).collect())
}

fn ids(page: &Transcript) -> Vec<&str> {
    page.items.iter().map(|i| i.id.as_str()).collect()
}

#[test]
fn first_pages_by_table() {
    use StartPosition::{AbsoluteTime, Id, MostRecent};
    let at = |ms| AbsoluteTime(iso_time(ms));
    let cases: Vec<(Option<bool>, Option<StartPosition>, &[&str])> = vec![
        // without a start position: backward from the end
        (None, None, &["i3", "i4", "i5"]),
        (Some(false), None, &["i3", "i4", "i5"]),
        (Some(true), None, &["i0", "i1", "i2"]),
        // with one: forward, and the start position's item is on the page
        (None, Some(Id("i2".into())), &["i2", "i3", "i4"]),
        (Some(false), Some(Id("i2".into())), &["i0", "i1", "i2"]),
        (Some(false), Some(Id("i1".into())), &["i0", "i1"]),
        (None, Some(Id("i5".into())), &["i5"]),
        (None, Some(at(1020)), &["i2", "i3", "i4"]),
        (None, Some(at(1021)), &["i3", "i4", "i5"]),
        (Some(false), Some(at(1021)), &["i0", "i1", "i2"]),
        (Some(false), Some(at(999)), &[]),
        (None, Some(at(2000)), &[]),
        (None, Some(MostRecent(2)), &["i4", "i5"]),
        (None, Some(MostRecent(50)), &["i0", "i1", "i2"]),
        (Some(false), Some(MostRecent(2)), &["i2", "i3", "i4"]),
        (Some(false), Some(MostRecent(0)), &["i3", "i4", "i5"]),
    ];
    for (forward, start, expected) in cases {
        let about = format!("{forward:?} {start:?}");
        let mut request =
            GetTranscript { max_results: Some(3), forward, start, ascending: true, ..GetTranscript::default() };
        assert_eq!(ids(&log(6).page("c", "p", &request).unwrap()), expected, "{about}");
        request.ascending = false;
        let reversed: Vec<&str> = expected.iter().rev().copied().collect();
        assert_eq!(ids(&log(6).page("c", "p", &request).unwrap()), reversed, "{about}");
    }
}

#[test]
fn ten_items_are_the_default_and_a_hundred_the_most() {
    let page = |max_results| {
        let request = GetTranscript { max_results, ..GetTranscript::default() };
        log(300).page("c", "p", &request).map(|p| p.items.len())
    };
    assert_eq!(page(None).unwrap(), 10);
    assert_eq!(page(Some(0)).unwrap(), 10);
    assert_eq!(page(Some(100)).unwrap(), 100);
    assert_eq!(page(Some(101)).unwrap_err().kind, ErrorKind::InvalidParameter);
}

#[test]
fn nonsense_is_refused() {
    let refused = |request: GetTranscript| log(3).page("c", "p", &request).unwrap_err().kind;
    for next_token in ["", "X1", "F", "Fx", "ñ1", "F-1"] {
        let request = GetTranscript { next_token: Some(next_token.into()), ..GetTranscript::default() };
        assert_eq!(refused(request), ErrorKind::InvalidParameter, "{next_token}");
    }
    for start in
        [StartPosition::Id("i9".into()), StartPosition::AbsoluteTime("today".into()), StartPosition::MostRecent(101)]
    {
        let request = GetTranscript { start: Some(start), ..GetTranscript::default() };
        assert_eq!(refused(request), ErrorKind::InvalidParameter);
    }
}

#[test]
fn client_tokens_find_what_was_said() {
    let mut log = log(3);
    assert_eq!(log.said_with("p", "t1").unwrap().id, "i1");
    assert!(log.said_with("q", "t1").is_none());
    let sent = |id: &str| Sent { id: id.into(), absolute_time: String::new(), processing: None };
    for n in 0..100 {
        log.signalled("p", &format!("s{n}"), &sent(&format!("e{n}")));
    }
    assert_eq!(log.signalled_with("p", "s99").unwrap().id, "e99");
    assert!(log.signalled_with("p", "s0").is_none());
}

proptest! {
    /// Following NextToken shows every item once, in order, also while items are being added.
    #[test]
    fn pages_are_complete(
        len in 0_u64..60, size in 1_u32..20, forward: bool, ascending: bool, grows in 0_u64..5,
    ) {
        let mut request = GetTranscript {
            max_results: Some(size), forward: Some(forward), ascending, ..GetTranscript::default()
        };
        let (mut seen, mut now) = (Vec::new(), len);
        loop {
            let page = log(now).page("c", "p", &request).unwrap();
            prop_assert!(page.items.len() <= size as usize);
            let mut items = page.items;
            if ascending != forward {
                items.reverse();
            }
            seen.extend(items.into_iter().map(|i| i.id));
            now += grows.min(200_u64.saturating_sub(now));
            match page.next_token {
                Some(token) => request.next_token = Some(token),
                None => break,
            }
        }
        let mut expected: Vec<String> = (0..if forward { seen.len() as u64 } else { len }).map(|n| format!("i{n}")).collect();
        prop_assert!(seen.len() as u64 >= len);
        if !forward {
            expected.reverse();
        }
        prop_assert_eq!(seen, expected);
    }
}

#[test]
fn pages_leave_out_what_is_only_for_its_sender() {
    let hidden = |seq: u64| seq % 3 == 1;
    let whole = log(9);
    let entries = whole.items().zip(0..).map(|(item, seq)| {
        let mut item = item.clone();
        item.message_metadata = hidden(seq).then(|| MessageMetadata {
            message_id: item.id.clone(),
            receipts: Vec::new(),
            message_processing_status: Some(ProcessingStatus::Processing),
        });
        Entry { seq, at_ms: 1000 + 10 * i64::try_from(seq).unwrap(), client_token: None, item }
    });
    let log = Log::from_entries(entries.collect());
    for (forward, start, expected) in [
        (true, None, vec![vec!["i0", "i2"], vec!["i3", "i5"], vec!["i6", "i8"]]),
        (false, None, vec![vec!["i6", "i8"], vec!["i3", "i5"], vec!["i0", "i2"]]),
        (true, Some(StartPosition::MostRecent(3)), vec![vec!["i5", "i6"], vec!["i8"]]),
    ] {
        let mut request = GetTranscript {
            max_results: Some(2),
            forward: Some(forward),
            ascending: true,
            start,
            ..GetTranscript::default()
        };
        let mut pages = Vec::new();
        loop {
            let page = log.page("c", "another", &request).unwrap();
            pages.push(ids(&page).into_iter().map(str::to_owned).collect::<Vec<_>>());
            request.next_token = page.next_token;
            if request.next_token.is_none() {
                break;
            }
        }
        assert_eq!(pages, expected, "{forward}");
    }
    let all = GetTranscript { max_results: Some(100), ..GetTranscript::default() };
    assert_eq!(log.page("c", "p", &all).unwrap().items.len(), 9, "its sender sees all of it");
}
