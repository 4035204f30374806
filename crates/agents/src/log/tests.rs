//! A log is a list, whatever part of it is settled.

use proptest::prelude::*;

use super::*;

impl Weigh for usize {
    fn weigh(&self) -> usize {
        *self
    }
}

#[derive(Debug, Clone)]
enum Change {
    Push(usize),
    DropFirst(usize),
    Last(usize),
    Settle,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (0_usize..9).prop_map(Change::Push),
        1 => (0_usize..5).prop_map(Change::DropFirst),
        1 => (0_usize..9).prop_map(Change::Last),
        1 => Just(Change::Settle),
    ]
}

proptest! {
    #[test]
    fn it_is_a_list_whatever_part_is_settled(changes in prop::collection::vec(change(), 0..40)) {
        let (mut log, mut list) = (Log::<usize>::default(), Vec::new());
        let mut before = (log.clone(), list.clone());
        for change in changes {
            match change {
                Change::Push(value) => {
                    log.push(value);
                    list.push(value);
                }
                Change::DropFirst(count) => {
                    log.drop_first(count);
                    list.drain(..count.min(list.len()));
                }
                Change::Last(value) => {
                    if let (Some(last), Some(own)) = (log.last_mut(), list.last_mut()) {
                        *last.make_mut() = value;
                        *own = value;
                    }
                }
                Change::Settle => {
                    log.settle();
                    before = (log.clone(), list.clone());
                }
            }
            prop_assert_eq!(log.iter().map(|value| **value).collect::<Vec<_>>(), list.clone());
            prop_assert_eq!(log.clone().into_iter().collect::<Vec<_>>(), list.clone());
            prop_assert_eq!(log.iter().rev().map(|value| **value).collect::<Vec<_>>().len(), log.len());
            prop_assert_eq!((log.last().copied(), log.is_empty()), (list.last().copied(), list.is_empty()));
            prop_assert_eq!(log.weight(), list.iter().sum::<usize>());
            prop_assert_eq!(&log, &list.iter().copied().collect::<Log<usize>>());
            let stored: Log<usize> = serde_json::from_str(&serde_json::to_string(&log).unwrap()).unwrap();
            prop_assert_eq!(&stored, &log);
            // Who has held it since it was settled sees nothing of what came after.
            prop_assert_eq!(before.0.iter().map(|value| **value).collect::<Vec<_>>(), before.1.clone());
            let places = log.stands_on(&before.0).unwrap();
            let rest: Log<usize> = log.since().to_vec().into();
            prop_assert_eq!(rest.behind(&before.0, places), Some(log.clone()));
        }
    }
}

#[test]
fn places_that_are_not_there_are_told() {
    let mut settled: Log<usize> = [1, 2].into_iter().collect();
    settled.settle();
    let rest = || [3].into_iter().collect::<Log<usize>>();
    assert_eq!(rest().behind(&settled, 0..3), None);
    assert_eq!(rest().behind(&settled, 1..2), Some([2, 3].into_iter().collect()));
    assert_eq!(rest().stands_on(&settled), None);
}
