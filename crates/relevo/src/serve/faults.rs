//! What goes wrong on request: the rules that hold, what they have done, and a few ready-made sets for the settings page.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::get,
};
use relevo_wire::faults::{Faults, Rules};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Served, desk::refusal};

/// By their names in the page.
const SETS: [(&str, &str); 4] = [
    ("off", "rules: []"),
    ("throttling", include_str!("faults/throttling.yaml")),
    ("slow", include_str!("faults/slow.yaml")),
    ("lost", include_str!("faults/lost.yaml")),
];

pub(super) fn routes() -> Router<Served> {
    Router::new().route("/relevo/faults", get(shown).put(replace))
}

/// The set that holds, or `own`.
pub(super) fn set_of(faults: &Faults) -> &'static str {
    let is = |text: &str| Rules::parse(text).is_ok_and(|rules| faults.are(&rules));
    SETS.iter().find(|(_, text)| is(text)).map_or("own", |(name, _)| name)
}

async fn shown(State(served): State<Served>) -> Json<Value> {
    Json(json!(served.faults.shown()))
}

/// `{"set": "throttling"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    set: String,
}

/// Takes a set's name, or rules as a file has them, in YAML or JSON.
async fn replace(State(served): State<Served>, body: String) -> Response {
    let text = match serde_json::from_str::<Named>(&body) {
        Err(_) => body.as_str(),
        Ok(Named { set }) => {
            let Some((_, text)) = SETS.iter().find(|(name, _)| *name == set) else {
                let names = SETS.map(|(name, _)| name).join(", ");
                return invalid(&format!("There is no set {set}; there are {names}."));
            };
            text
        }
    };
    match Rules::parse(text) {
        Ok(rules) => served.faults.replace(rules),
        Err(problem) => return invalid(&problem.to_string()),
    }
    shown(State(served)).await.into_response()
}

fn invalid(message: &str) -> Response {
    refusal(StatusCode::BAD_REQUEST, "ValidationException", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sets_are_good_rules() {
        for (name, text) in SETS {
            assert!(Rules::parse(text).is_ok(), "{name}: {:?}", Rules::parse(text));
        }
    }

    #[test]
    fn what_the_documentation_shows_is_read() {
        let example = include_str!("../../../../examples/faults.yaml");
        let page = include_str!("../../../../docs/faults.md");
        let shown = page.split("```yaml").skip(1).filter_map(|block| block.split("```").next());
        for text in shown.chain([example]) {
            assert!(Rules::parse(text).is_ok(), "{:?}: {text}", Rules::parse(text));
        }
    }
}
