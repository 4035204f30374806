//! What a template of the offline model may use: its filters, tests and variables. minijinja tells of a name that it does
//! not know only when it comes to it, and that would be in front of the customer.

use std::{collections::BTreeSet, sync::LazyLock};

use minijinja::ErrorKind;
use regex::Regex;

use super::problem::closest;
use crate::model::offline::environment;

/// What a template may have in `{{ value | filter }}`: ours, and minijinja's.
const FILTERS: [&str; 40] = [
    "date", "abs", "attr", "batch", "bool", "chain", "count", "d", "default", "e", "escape", "first", "float",
    "format", "int", "items", "join", "last", "length", "lines", "list", "lower", "map", "max", "min", "reject",
    "replace", "reverse", "round", "safe", "select", "slice", "sort", "split", "string", "sum", "title", "trim",
    "unique", "upper",
];

/// Comments and raw text, which are nobody's; else what is computed, as the first group.
const CODE: &str = r#"(?s)\{#.*?#\}|\{%[-+]?\s*raw\s*[-+]?%\}.*?\{%[-+]?\s*endraw\s*[-+]?%\}|\{[{%][-+]?((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^"'])*?)[-+]?[}%]\}"#;
const QUOTED: &str = r#"(?s)"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"#;
/// A filter is the first group, a test the second.
const NAMES: &str = r"\|\s*([A-Za-z_]\w*)|\bis\s+(?:not\s+)?([A-Za-z_]\w*)|^\s*filter\s+([A-Za-z_]\w*)";

static PATTERNS: LazyLock<Option<[Regex; 3]>> =
    LazyLock::new(|| Some([Regex::new(CODE).ok()?, Regex::new(QUOTED).ok()?, Regex::new(NAMES).ok()?]));

/// What is wrong with a template that is given these variables: each with its hint.
pub(super) fn faults(template: &str, variables: &[&str]) -> Vec<(String, Option<String>)> {
    let environment = environment();
    let compiled = match environment.template_from_str(template) {
        Ok(compiled) => compiled,
        Err(error) => {
            let reason = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
            return vec![(format!("not a template: {reason}"), None)];
        }
    };
    let mut faults = Vec::new();
    let mut state = environment.empty_state();
    let Used { filters, tests } = used(template);
    for name in filters {
        if state.apply_filter(&name, &[]).is_err_and(|error| error.kind() == ErrorKind::UnknownFilter) {
            faults.push((
                format!("the template has an unknown filter `{name}`"),
                Some(meant(&name, "filters", &FILTERS)),
            ));
        }
    }
    for name in tests {
        if state.perform_test(&name, &[]).is_err_and(|error| error.kind() == ErrorKind::UnknownTest) {
            faults.push((format!("the template has an unknown test `is {name}`"), None));
        }
    }
    let unknown: BTreeSet<String> = compiled.undeclared_variables(false).into_iter().collect();
    for name in unknown {
        if !variables.contains(&name.as_str()) && environment.globals().all(|(known, _)| known != name) {
            faults.push((
                format!("the template has an unknown variable `{name}`"),
                Some(meant(&name, "here are", variables)),
            ));
        }
    }
    faults
}

fn meant(name: &str, what: &str, known: &[&str]) -> String {
    match closest(name, known.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("{what}: {}", known.join(", ")),
    }
}

#[derive(Default)]
struct Used {
    filters: BTreeSet<String>,
    tests: BTreeSet<String>,
}

fn used(template: &str) -> Used {
    let mut used = Used::default();
    let Some([code, quoted, names]) = PATTERNS.as_ref() else { return used };
    for computed in code.captures_iter(template).filter_map(|groups| groups.get(1)) {
        // Quotes stay, so that what stood before and after them is not joined.
        let computed = quoted.replace_all(computed.as_str(), "''");
        for groups in names.captures_iter(&computed) {
            used.filters.extend(groups.get(1).or(groups.get(3)).map(|name| name.as_str().to_owned()));
            used.tests.extend(groups.get(2).map(|name| name.as_str().to_owned()));
        }
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_that_are_named_are_there() {
        let environment = environment();
        for name in FILTERS {
            let applied = environment.empty_state().apply_filter(name, &[]);
            assert!(!applied.is_err_and(|error| error.kind() == ErrorKind::UnknownFilter), "{name}");
        }
    }

    #[test]
    fn names_that_nobody_has_are_found_wherever_they_stand() {
        for (template, found) in [
            ("plain | text is nothing", ""),
            ("{{ result.at | date }} {{ result.a|default('x | y')|upper }}", ""),
            ("{% for item in result.items | sort %}{{ loop.index }} {{ item.name }}{% endfor %}", ""),
            ("{% set n = result.n %}{{ n }}{% if n is not defined or n is none %}-{% endif %}", ""),
            ("{# {{ x | nope }} #}{% raw %}{{ x | nope }}{% endraw %}", ""),
            ("{{ \"}} | nope\" ~ result }}", ""),
            ("{{ range(3) | join(', ') }} {{ parameters.a }} {{ language }}", ""),
            ("{{ result.at | dates }}", "unknown filter `dates` (did you mean `date`?)"),
            ("{% if result.found %}{{ result.at|zebra }}{% endif %}", "unknown filter `zebra` (filters: date, abs, "),
            ("{% filter uper %}x{% endfilter %}", "unknown filter `uper` (did you mean `upper`?)"),
            ("{% if result is definid %}x{% endif %}", "unknown test `is definid`"),
            ("{{ reslt.at }}", "unknown variable `reslt` (did you mean `result`?)"),
            ("{{ now() }}", "unknown variable `now` (here are: result, parameters, language)"),
            ("{% for %}", "not a template"),
        ] {
            let faults = faults(template, &["result", "parameters", "language"]);
            let said: Vec<String> =
                faults.iter().map(|(what, hint)| format!("{what} ({})", hint.as_deref().unwrap_or(""))).collect();
            if found.is_empty() {
                assert!(said.is_empty(), "{template}: {said:?}");
            } else {
                assert!(said.len() == 1 && said[0].contains(found), "{template}: {said:?}");
            }
        }
    }
}
