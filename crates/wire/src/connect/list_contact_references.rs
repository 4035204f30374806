//! `ListContactReferences`: `GET /contact/references/{InstanceId}/{ContactId}`.

use axum::response::Response;
use relevo_connect::api::contacts::ReferenceKind;
use serde_json::{Value, json};

use super::{labels, update_contact::REFERENCES};
use crate::{
    Wire, answer,
    call::{Call, InQuery},
    error::AwsError,
    input::{Faults, Members},
    paging::{self, Paging},
};

/// The types of which there never are any here: attachments of a chat are no references.
const NEVER: [&str; 6] = [
    "ATTACHMENT",
    "CONTACT_ANALYSIS",
    "EMAIL_MESSAGE",
    "EMAIL_MESSAGE_PLAIN_TEXT",
    "EMAIL_MESSAGE_PLAIN_TEXT_REDACTED",
    "EMAIL_MESSAGE_REDACTED",
];
/// AWS's page; the request has no `MaxResults`.
const PAGE: u32 = 100;

pub(crate) async fn serve(wire: &Wire, call: &Call) -> Result<Response, AwsError> {
    let (instance_id, contact_id) = labels(call, "ContactId")?;
    let (kinds, paging) = read(call)?;
    let references = wire.centre.references(&instance_id, &contact_id).await?;
    let asked = references.into_iter().filter(|(_, reference)| kinds.contains(&reference.kind));
    let all = asked.map(|(name, it)| json!({ member(it.kind): { "Name": name, "Value": it.value } })).collect();
    let (page, next): (Vec<Value>, _) = paging.cut(all)?;
    Ok(answer::ok(answer::structure([
        ("ReferenceSummaryList", Some(json!(page))),
        ("NextToken", next.map(|token| json!(token))),
    ])))
}

fn read(call: &Call) -> Result<(Vec<ReferenceKind>, Paging), AwsError> {
    let [token, _] = paging::IN_QUERY;
    let query = call.query_members(&[token, ("referenceTypes", "ReferenceTypes", InQuery::List)])?;
    let faults = Faults::default();
    let members = Members::of(&query, &faults);
    members.require("ReferenceTypes");
    let known = REFERENCES.iter().map(|(name, kind)| (*name, Some(*kind)));
    let words: Vec<_> = known.chain(NEVER.map(|name| (name, None))).collect();
    let kinds = members.list_of_words("ReferenceTypes", &(0..=6), &words);
    let paging = Paging::read("ListContactReferences", &members, PAGE);
    faults.check()?;
    Ok((kinds.into_iter().flatten().collect(), paging))
}

fn member(kind: ReferenceKind) -> &'static str {
    match kind {
        ReferenceKind::Url => "Url",
        ReferenceKind::Number => "Number",
        ReferenceKind::String => "String",
        ReferenceKind::Date => "Date",
        ReferenceKind::Email => "Email",
    }
}
