//! Agents, their collaborators and action groups.

use std::collections::BTreeSet;

use super::{Check, Definition, Place, models, prompts};
use crate::definition::{
    agent::{ActionGroup, ActionGroupExecutor, Agent, Collaboration, Function},
    tool::ALL,
};

/// Bedrock's default quota.
const MAX_COLLABORATORS: usize = 10;
/// Converse's limit of a tool's name.
const MAX_TOOL_NAME: usize = 64;
/// The customer, as a recipient of `AgentCommunication__sendMessage`.
const USER: &str = "User";
/// Action groups whose names tools of our own have.
const RESERVED_GROUPS: [&str; 3] = ["AgentCommunication", "KnowledgeBase", "user"];

pub(super) fn check<C>(check: &mut Check<'_>, definition: &Definition<C>, place: Place<'_>) {
    let mut walk = Walk { definition, names: BTreeSet::new() };
    walk.agent(check, &definition.agent, place);
}

struct Walk<'d, C> {
    definition: &'d Definition<C>,
    names: BTreeSet<&'d str>,
}

impl<'d, C> Walk<'d, C> {
    fn agent(&mut self, check: &mut Check<'_>, agent: &'d Agent, place: Place<'_>) {
        let name = place.value("agentName");
        check.name(name, "agentName", &agent.agent_name);
        if agent.agent_name == USER {
            check.at(name, format!("`{USER}` is the customer; an agent needs another name"));
        }
        if !self.names.insert(&agent.agent_name) {
            check.at(name, format!("another agent is also called `{}`", agent.agent_name));
        }
        check.length(place.value("instruction"), "instruction", agent.instruction.trim(), 40, usize::MAX);
        if let Some(ttl) = agent.idle_session_ttl_in_seconds
            && !(60..=5400).contains(&ttl)
        {
            let at = place.value("idleSessionTTLInSeconds");
            check.at(at, format!("idleSessionTTLInSeconds is {ttl}; it must be 60 to 5400"));
        }
        models::guardrail(check, agent, place);
        collaborators(check, agent, place);
        if let Some(own) = &agent.prompt_override_configuration {
            prompts::check(check, own, place.value("promptOverrideConfiguration"));
        }
        let groups = place.value("actionGroups");
        let mut names = BTreeSet::new();
        for (index, group) in agent.action_groups.iter().enumerate() {
            if !names.insert(&group.action_group_name) {
                let message =
                    format!("another action group of this agent is also called `{}`", group.action_group_name);
                check.at(groups.item(index).value("actionGroupName"), message);
            }
            self.group(check, group, groups.item(index));
        }
        for (index, collaborator) in agent.collaborators.iter().enumerate() {
            self.agent(check, collaborator, place.value("collaborators").item(index));
        }
    }

    fn group(&self, check: &mut Check<'_>, group: &'d ActionGroup, place: Place<'_>) {
        let name = &group.action_group_name;
        check.name(place.value("actionGroupName"), "actionGroupName", name);
        if RESERVED_GROUPS.contains(&name.as_str()) {
            check.at(place.value("actionGroupName"), format!("`{name}` is the name of a built-in group"));
        }
        if let Some(description) = &group.description {
            check.length(place.value("description"), "description", description, 1, 200);
        }
        let functions = group.function_schema.as_ref().map(|schema| schema.functions.as_slice()).unwrap_or_default();
        let api = group.api_schema.is_some();
        if group.parent_action_group_signature.is_some() {
            if group.function_schema.is_some() || api || group.action_group_executor.is_some() {
                let message = "an AMAZON.UserInput group has no functions and no executor of its own".to_owned();
                check.at(place.entry("parentActionGroupSignature"), message);
            }
            return;
        }
        if group.function_schema.is_some() && api {
            check.at(place.entry("apiSchema"), format!("`{name}` has two schemas; `functionSchema` or `apiSchema`"));
        } else if functions.is_empty() && !api && !self.definition.is_offered(name) {
            check.at(place, format!("the action group `{name}` has no functions"));
        }
        for operation in &group.operations {
            self.executed(check, group, operation, place.entry("apiSchema"));
        }
        let list = place.value("functionSchema").value("functions");
        let mut names = BTreeSet::new();
        for (index, function) in functions.iter().enumerate() {
            let place = list.item(index);
            if !names.insert(&function.name) {
                let message = format!("another function of this action group is also called `{}`", function.name);
                check.at(place.value("name"), message);
            }
            self.function(check, group, function, place);
        }
    }

    fn function(&self, check: &mut Check<'_>, group: &ActionGroup, function: &Function, place: Place<'_>) {
        let at = place.value("name");
        check.name(at, "function name", &function.name);
        let tool = format!("{}__{}", group.action_group_name, function.name);
        if tool.len() > MAX_TOOL_NAME {
            let message =
                format!("the tool's name `{tool}` has {} characters; models take {MAX_TOOL_NAME}", tool.len());
            check.hinted(at, message, Some("shorten the action group's or the function's name".into()));
        }
        if let Some(description) = &function.description {
            check.length(place.value("description"), "description", description, 1, 1200);
        }
        for (name, parameter) in &function.parameters {
            let entry = place.value("parameters").entry(name);
            check.name(entry, "parameter", name);
            if let Some(description) = &parameter.description {
                let at = place.value("parameters").value(name).value("description");
                check.length(at, "description", description, 1, 500);
            }
        }
        self.executed(check, group, function, at);
    }

    /// Somebody executes it, and not two.
    fn executed(&self, check: &mut Check<'_>, group: &ActionGroup, function: &Function, at: Place<'_>) {
        let has_tool = self
            .definition
            .tools
            .get(&group.action_group_name)
            .is_some_and(|tools| tools.contains_key(ALL) || function.names().any(|name| tools.contains_key(name)));
        match &group.action_group_executor {
            None if !has_tool => {
                let message = format!("nobody executes `{}`", function.name);
                let hint = format!(
                    "add `tools: {}: {}: ...`, or give the action group `actionGroupExecutor: {{customControl: RETURN_CONTROL}}`",
                    group.action_group_name, function.name
                );
                check.hinted(at, message, Some(hint));
            }
            Some(ActionGroupExecutor::CustomControl(_)) if has_tool => {
                check.at(at, format!("`{}` is return control, so its tool would never run", function.name));
            }
            _ => {}
        }
    }
}

fn collaborators(check: &mut Check<'_>, agent: &Agent, place: Place<'_>) {
    let collaboration = place.entry("agentCollaboration");
    match agent.agent_collaboration {
        Collaboration::Disabled if !agent.collaborators.is_empty() => {
            let hint = Some("set `agentCollaboration: SUPERVISOR` or `SUPERVISOR_ROUTER`".to_owned());
            check.hinted(place.entry("collaborators"), "collaboration is disabled, so nobody asks them".into(), hint);
        }
        Collaboration::Supervisor | Collaboration::SupervisorRouter if agent.collaborators.is_empty() => {
            let message = format!("the supervisor `{}` has no collaborators", agent.agent_name);
            check.at(collaboration, message);
        }
        _ => {}
    }
    if agent.collaborators.len() > MAX_COLLABORATORS {
        let at = place.value("collaborators").item(MAX_COLLABORATORS);
        check
            .at(at, format!("{} collaborators; a supervisor has up to {MAX_COLLABORATORS}", agent.collaborators.len()));
    }
    let configurations = place.value("collaboratorConfigurations");
    let mut configured = BTreeSet::new();
    let mut misnamed = false;
    for (index, configuration) in agent.collaborator_configurations.iter().enumerate() {
        let place = configurations.item(index);
        let name = &configuration.collaborator_name;
        let at = place.value("collaboratorName");
        if !agent.collaborators.iter().any(|collaborator| &collaborator.agent_name == name) {
            check.unknown(at, "collaborator", name, agent.collaborators.iter().map(|c| c.agent_name.as_str()));
            misnamed = true;
        } else if !configured.insert(name) {
            check.at(at, format!("the collaborator `{name}` is configured twice"));
        }
        let instruction = configuration.collaborator_instruction.trim();
        check.length(place.value("collaboratorInstruction"), "collaboratorInstruction", instruction, 1, 4000);
    }
    if misnamed {
        // Whoever has no entry is most likely the one that was meant: one mistake, one problem.
        return;
    }
    for (index, collaborator) in agent.collaborators.iter().enumerate() {
        if !configured.contains(&collaborator.agent_name) {
            let message =
                format!("the collaborator `{}` has no collaboratorConfigurations entry", collaborator.agent_name);
            let hint = Some("say there when to use it".to_owned());
            check.hinted(place.value("collaborators").item(index).value("agentName"), message, hint);
        }
    }
}
