//! Where something is called and what goes along, each fault at its own place.

use std::collections::BTreeMap;

use super::{Check, Place};
use crate::definition::address::{address_fault, brace_fault, header_fault, variable_fault};

/// An address in which nothing is filled.
pub(super) fn address(check: &mut Check<'_>, url: &str, place: Place<'_>) {
    if let Some(fault) = address_fault(url) {
        check.at(place, fault);
    } else if url.contains(['{', '}']) {
        check.at(place, "nothing is filled in here: the address has no `{parameters}`".into());
    }
}

/// An address with `{parameters}`.
pub(super) fn template(check: &mut Check<'_>, url: &str, place: Place<'_>) {
    if let Some(fault) = address_fault(url).or_else(|| brace_fault(url)) {
        check.at(place, fault);
    }
}

/// Headers that can be sent.
pub(super) fn headers(check: &mut Check<'_>, headers: &BTreeMap<String, String>, place: Place<'_>) {
    for (name, value) in headers {
        if let Some(fault) = header_fault(name, value) {
            check.at(place.entry(name), fault);
        }
    }
}

/// The name of an environment variable.
pub(super) fn variable(check: &mut Check<'_>, what: &str, name: Option<&str>, place: Place<'_>) {
    if let Some((fault, hint)) = name.and_then(variable_fault) {
        check.hinted(place, format!("{what} {fault}"), Some(hint.to_owned()));
    }
}
