//! Keys and tokens that the definition names by environment variables: in AWS they come from Secrets Manager.

use std::collections::BTreeSet;

use relevo_agents::definition::{AgentsDefinition, models::ModelChoice, tool::Tool};
use relevo_bot::{Policy, handlers::Handler};

/// The variables that the definition reads keys and tokens from.
pub fn variables(definition: &AgentsDefinition, policy: &Policy) -> BTreeSet<String> {
    let tools = definition.tools.values().flat_map(|tools| tools.values()).filter_map(|tool| match tool {
        Tool::Http(it) => it.bearer_from.clone(),
        Tool::Mcp(it) => definition.mcp_servers.get(&it.server)?.bearer_from.clone(),
        Tool::Lookup(_) | Tool::Insert(_) | Tool::Lambda(_) => None,
    });
    let models = definition.models.iter().flatten().filter_map(|model| match model {
        ModelChoice::OpenAi(it) => it.api_key_from.clone(),
        _ => None,
    });
    let handlers = policy.handlers.values().filter_map(|handler| match handler {
        Handler::Http(it) => it.bearer_from.clone(),
        Handler::Lambda(_) => None,
    });
    tools.chain(models).chain(handlers).collect()
}

/// The secret of a variable, in Secrets Manager: its whole text is the value.
pub fn secret_name(stack: &str, variable: &str) -> String {
    format!("relevo/{stack}/{variable}")
}

/// Lines of the function's environment. `CloudFormation` resolves them when it deploys; Lambda keeps them under the stack's key.
pub(super) fn environment(definition: &AgentsDefinition, policy: &Policy) -> String {
    let stack = "${AWS::StackName}";
    let line = |name: &String| {
        let secret = secret_name(stack, name);
        format!("{name}: !Sub '{{{{resolve:secretsmanager:{secret}}}}}'\n")
    };
    variables(definition, policy).iter().map(line).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use relevo_agents::definition::Definition;

    use super::*;

    #[test]
    fn tokens_of_whom_functions_are_executed_by_and_keys_of_models() {
        let texts = ["greeting", "handoff", "stillWorking", "failure", "failureHandoff", "unsupported"];
        let texts = texts.map(|text| format!("    {text}: {{en: Words}}\n")).concat();
        let text = "name: t\nlanguages: [en]\nmodels: [openai: {model: m, apiKeyFrom: MODEL_KEY}]\n\
            mcpServers:\n  crm: {url: 'https://crm.example/mcp', bearerFrom: CRM_TOKEN}\n  other: {url: 'https://o.example/mcp', bearerFrom: OTHER}\n\
            tools: {Crm: {'*': {mcp: {server: crm, tools: all}}}}\n\
            agent:\n  agentName: t\n  instruction: You answer questions about nothing at all.\n  actionGroups: [{actionGroupName: Crm}]\n\
            conversation:\n  displayName: {en: Bot}\n  texts:\n"
            .to_owned()
            + &texts;
        let (definition, policy) = Definition::<Policy>::parse(&text, "bot.yaml").unwrap().split();
        let names: Vec<String> = variables(&definition, &policy).into_iter().collect();
        assert_eq!(names, ["CRM_TOKEN", "MODEL_KEY"], "nothing calls the other");
        assert_eq!(crate::deploy::flags(&definition), ["--features", "mcp"]);
    }
}
