//! An agent's own prompts.

use std::collections::BTreeSet;

use super::{Check, Place};
use crate::definition::prompts::{
    CreationMode, PromptOverrideConfiguration, PromptState, PromptType, VARIABLES, variables,
};

pub(super) fn check(check: &mut Check<'_>, prompts: &PromptOverrideConfiguration, place: Place<'_>) {
    let mut seen = BTreeSet::new();
    for (index, prompt) in prompts.prompt_configurations.iter().enumerate() {
        let place = place.value("promptConfigurations").item(index);
        let at = place.value("promptType");
        let ours = matches!(prompt.prompt_type, PromptType::Orchestration | PromptType::RoutingClassifier);
        if !seen.insert(format!("{:?}", prompt.prompt_type)) {
            check.at(at, "this prompt is configured twice".into());
        }
        if ours && prompt.prompt_state == PromptState::Disabled {
            check.at(place.value("promptState"), "this step cannot be left out".into());
        }
        if !ours
            && (prompt.prompt_state != PromptState::Disabled || prompt.prompt_creation_mode == CreationMode::Overridden)
        {
            let hint = "ORCHESTRATION and ROUTING_CLASSIFIER are the prompts that there are".to_owned();
            check.hinted(at, "there is no such step here; it can only be DISABLED".into(), Some(hint));
        }
        let template = place.value("basePromptTemplate");
        match (&prompt.base_prompt_template, prompt.prompt_creation_mode) {
            (None, CreationMode::Overridden) => {
                check.at(
                    place.entry("promptCreationMode"),
                    "an overridden prompt needs its `basePromptTemplate`".into(),
                );
            }
            (Some(_), CreationMode::Default) => {
                let hint = Some("set `promptCreationMode: OVERRIDDEN`".to_owned());
                check.hinted(template, "the template has no effect".into(), hint);
            }
            (Some(text), CreationMode::Overridden) => {
                check.length(template, "basePromptTemplate", text, 1, 100_000);
                for name in variables(&prompt.template().unwrap_or_default()) {
                    if !VARIABLES.contains(&name) {
                        check.unknown(template, "variable", name, VARIABLES.iter().copied());
                    }
                }
            }
            (None, CreationMode::Default) => {}
        }
    }
}
