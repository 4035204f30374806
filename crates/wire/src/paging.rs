//! Pages of a list: `MaxResults`, and a `NextToken` that means something to its own operation alone.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    call::InQuery,
    error::{AwsError, Kind},
    input::Members,
};

/// How `NextToken` and `MaxResults` are written in a query.
pub(crate) const IN_QUERY: [(&str, &str, InQuery); 2] =
    [("nextToken", "NextToken", InQuery::Text), ("maxResults", "MaxResults", InQuery::Number)];
/// The usual page, where the operation takes so many.
const USUAL: u32 = 100;

/// Which page is asked for.
#[derive(Debug)]
pub(crate) struct Paging {
    operation: &'static str,
    size: u32,
    token: Option<String>,
}

impl Paging {
    /// Reads `NextToken` and `MaxResults`, of which there may be up to `most`.
    pub(crate) fn read(operation: &'static str, members: &Members<'_>, most: u32) -> Self {
        let size = members.integer("MaxResults", &(1..=u64::from(most))).unwrap_or(USUAL.min(most));
        Self { operation, size, token: members.text("NextToken", &(0..=2500)).filter(|token| !token.is_empty()) }
    }

    /// The page, and the token of the next one.
    pub(crate) fn cut<T>(self, all: Vec<T>) -> Result<(Vec<T>, Option<String>), AwsError> {
        let from = match &self.token {
            None => 0,
            Some(token) => self.place(token).ok_or_else(|| {
                AwsError::new(Kind::InvalidParameter, "NextToken is not one that this operation has given")
            })?,
        };
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let to = from.saturating_add(size);
        let next = (to < all.len()).then(|| URL_SAFE_NO_PAD.encode(format!("{} {to}", self.operation)));
        Ok((all.into_iter().skip(from).take(size).collect(), next))
    }

    /// Where a token's page begins.
    fn place(&self, token: &str) -> Option<usize> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let place = text.strip_prefix(self.operation)?.strip_prefix(' ')?;
        place.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::input::Faults;

    fn paging(operation: &'static str, body: &serde_json::Value) -> (Paging, bool) {
        let faults = Faults::default();
        let paging = Paging::read(operation, &Members::of(body.as_object().unwrap(), &faults), 10);
        (paging, faults.check().is_ok())
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let (mut token, mut seen) = (None, Vec::new());
        loop {
            let body = json!({"MaxResults": 3, "NextToken": token});
            let (page, next) = paging("ListQueues", &body).0.cut((0..8).collect()).unwrap();
            seen.push(page);
            token = next;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7]]);
    }

    #[test]
    fn what_no_page_gave_is_refused() {
        let (_, next) = paging("ListQueues", &json!({"MaxResults": 1})).0.cut(vec![1, 2]).unwrap();
        let body = json!({"NextToken": next});
        assert!(paging("ListQueues", &body).0.cut(vec![1, 2]).is_ok());
        assert!(paging("ListUsers", &body).0.cut(vec![1, 2]).is_err());
        assert!(paging("ListQueues", &json!({"NextToken": "2"})).0.cut(vec![1, 2]).is_err());
        for wrong in [json!({"MaxResults": 0}), json!({"MaxResults": 11}), json!({"MaxResults": "x"})] {
            assert!(!paging("ListQueues", &wrong).1, "{wrong}");
        }
    }
}
