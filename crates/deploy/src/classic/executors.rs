//! Who executes an action group: its Lambda function, or the caller.
//!
//! Bedrock has one executor for a whole action group. Where all functions of one are the same Lambda function's, that is it;
//! all others return control, and `chat-bot` executes them as the definition says.

use relevo_agents::definition::{
    AgentsDefinition,
    agent::{ActionGroup, ActionGroupExecutor},
    tool::Tool,
};
use serde_json::{Map, Value, json};

use super::{CONDITION, Resources, names};

/// An action group's executor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Executor {
    /// The caller.
    ReturnControl,
    /// A Lambda function, by name or ARN.
    Lambda(String),
}

/// The executor of an action group that is not built in.
pub(super) fn of(definition: &AgentsDefinition, group: &ActionGroup) -> Executor {
    if matches!(group.action_group_executor, Some(ActionGroupExecutor::CustomControl(_))) {
        return Executor::ReturnControl;
    }
    let mut function = None;
    for own in group.functions() {
        match definition.executor(&group.action_group_name, &own.name).as_deref() {
            Some(Tool::Lambda(lambda)) if function.as_ref().is_none_or(|it| *it == lambda.function) => {
                function = Some(lambda.function.clone());
            }
            _ => return Executor::ReturnControl,
        }
    }
    function.map_or(Executor::ReturnControl, Executor::Lambda)
}

/// The ARN of a function that is named so; nothing where that is neither a name nor an ARN.
pub(super) fn arn(function: &str) -> Option<Value> {
    let function = function.trim();
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_$".contains(c));
    let parts: Vec<&str> = function.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "lambda", _, account, "function", name] if plain(name) && account.len() == 12 => {
            Some(json!(function))
        }
        ["arn", _, "lambda", _, account, "function", name, version]
            if plain(name) && plain(version) && account.len() == 12 =>
        {
            Some(json!(function))
        }
        [name] if plain(name) => Some(in_this_account(function)),
        [name, version] if plain(name) && plain(version) => Some(in_this_account(function)),
        _ => None,
    }
}

fn in_this_account(function: &str) -> Value {
    json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{}", function.replace("${", "${!"))})
}

/// Lets an agent invoke a function, where the function is this account's; for another's it is said what must be done there.
pub(super) fn permit(agent: &str, agent_id: &str, function: &str, drawn: &mut Resources) {
    let Some(arn) = arn(function) else { return };
    let name = function.rsplit(":function:").next().unwrap_or(function);
    let id = names::free(names::logical_id(name, &format!("For{agent_id}")), |id| drawn.resources.contains_key(id));
    let mut condition = CONDITION.to_owned();
    if let Some(text) = arn.as_str() {
        let mut parts = text.split(':').skip(3);
        let (region, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        condition = format!("{id}IsOurs");
        let ours = json!({"Fn::And": [
            {"Condition": CONDITION},
            {"Fn::Equals": [account, {"Ref": "AWS::AccountId"}]},
            {"Fn::Equals": [region, {"Ref": "AWS::Region"}]},
        ]});
        drawn.conditions.insert(condition.clone(), ours);
        drawn.notes.push(format!(
            "agent {agent} invokes {function}. In an account other than {account} that function needs a resource policy for it: aws \
             lambda add-permission --function-name {function} --action lambda:InvokeFunction --principal bedrock.amazonaws.com \
             --source-account <account of the stack> --source-arn <ARN of the agent> --statement-id {id}"
        ));
    }
    let properties = Map::from_iter([
        ("Action".to_owned(), json!("lambda:InvokeFunction")),
        ("FunctionName".to_owned(), arn),
        ("Principal".to_owned(), json!("bedrock.amazonaws.com")),
        ("SourceAccount".to_owned(), json!({"Ref": "AWS::AccountId"})),
        ("SourceArn".to_owned(), json!({"Fn::GetAtt": [agent_id, "AgentArn"]})),
    ]);
    drawn
        .resources
        .insert(id, json!({"Type": "AWS::Lambda::Permission", "Condition": condition, "Properties": properties}));
}
