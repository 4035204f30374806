//! What the searches have in common: which page, and what is searched for.

use relevo_connect::directory::search::{Comparison, Criterion};

use super::{ANY, INSTANCE_ID};
use crate::{
    call::Call,
    error::{AwsError, Kind},
    input::{Faults, Members},
    paging::Paging,
};

/// A condition on what a thing is: its member, and its words.
pub(super) type Words = (&'static str, &'static [&'static str]);

/// A search.
pub(super) struct Search {
    pub(super) instance_id: String,
    /// Absent: everything is found.
    pub(super) criterion: Option<Criterion>,
    pub(super) paging: Paging,
}

/// Reads a search of `operation`, with the conditions that it knows beside those on texts.
pub(super) fn read(call: &Call, operation: &'static str, most: u32, words: &[Words]) -> Result<Search, AwsError> {
    let (body, faults) = (call.members()?, Faults::default());
    let members = Members::of(&body, &faults);
    let search = Search {
        instance_id: members.required_text("InstanceId", &INSTANCE_ID),
        criterion: members.structure("SearchCriteria").and_then(|it| criterion(&it, words)),
        paging: Paging::read(operation, &members, most),
    };
    let filtered = members.structure("SearchFilter").is_some_and(|it| it.names().next().is_some());
    faults.check()?;
    if filtered {
        return Err(AwsError::new(Kind::InvalidRequest, "SearchFilter is not supported by Relevo"));
    }
    Ok(search)
}

/// One criterion; of several members all must hold.
fn criterion(it: &Members<'_>, words: &[Words]) -> Option<Criterion> {
    let several = |name: &str| {
        it.value(name)?;
        Some(it.list_of_structures(name, &ANY).iter().filter_map(|one| criterion(one, words)).collect())
    };
    let text = it.structure("StringCondition").map(|it| Criterion::Text {
        field: it.required_text("FieldName", &ANY),
        value: it.required_text("Value", &ANY),
        by: it.required_word("ComparisonType", &COMPARISONS).unwrap_or(Comparison::Exact),
    });
    let is = words.iter().filter_map(|(what, words)| {
        let words: Vec<(&str, &'static str)> = words.iter().map(|word| (*word, *word)).collect();
        Some(Criterion::Is { what, word: it.word(what, &words)? })
    });
    let mut all: Vec<Criterion> = is.chain(text).collect();
    all.extend(several("OrConditions").map(Criterion::Any));
    all.extend(several("AndConditions").map(Criterion::All));
    (!all.is_empty()).then_some(Criterion::All(all))
}

const COMPARISONS: [(&str, Comparison); 3] =
    [("STARTS_WITH", Comparison::StartsWith), ("CONTAINS", Comparison::Contains), ("EXACT", Comparison::Exact)];
