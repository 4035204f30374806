//! Who executes a function.

use std::{borrow::Cow, collections::BTreeMap};

use super::{
    AgentsDefinition, Definition,
    agent::{ActionGroup, ActionGroupExecutor, Agent, Function},
    remote::default_timeout_ms,
    tool::{ALL, LambdaTool, McpTool, Offered, Tool},
};

impl<C> Definition<C> {
    /// Whether a server's tools are the functions of this action group.
    pub(super) fn is_offered(&self, action_group: &str) -> bool {
        offered(&self.tools, action_group).is_some()
    }
}

impl AgentsDefinition {
    /// The executor of a function: its own, else its action group's, else the Lambda function that the action group names.
    pub fn executor(&self, action_group: &str, function: &str) -> Option<Cow<'_, Tool>> {
        let tools = self.tools.get(action_group);
        if let Some(tool) = tools.and_then(|tools| tools.get(function).or_else(|| tools.get(ALL))) {
            return Some(Cow::Borrowed(tool));
        }
        let (group, _) = self.function(action_group, function)?;
        match &group.action_group_executor {
            Some(ActionGroupExecutor::Lambda(function)) => Some(Cow::Owned(Tool::Lambda(LambdaTool {
                function: function.clone(),
                timeout_ms: default_timeout_ms(),
                idempotent: false,
            }))),
            Some(ActionGroupExecutor::CustomControl(_)) | None => None,
        }
    }

    /// A function and its action group.
    pub fn function(&self, action_group: &str, function: &str) -> Option<(&ActionGroup, &Function)> {
        find(&self.agent, action_group, function)
    }

    /// Whether a function is executed by a Lambda function.
    pub fn invokes(&self) -> bool {
        self.invokes_of(&self.agent)
    }

    fn invokes_of(&self, agent: &Agent) -> bool {
        let by_lambda = |group: &ActionGroup| {
            let executor = |function: &Function| self.executor(&group.action_group_name, &function.name);
            group.functions().any(|function| matches!(executor(function).as_deref(), Some(Tool::Lambda(_))))
        };
        agent.action_groups.iter().any(by_lambda) || agent.collaborators.iter().any(|below| self.invokes_of(below))
    }

    /// Which tools of which server are the functions of this action group.
    pub fn offered(&self, action_group: &str) -> Option<(&McpTool, &Offered)> {
        offered(&self.tools, action_group)
    }
}

fn offered<'d>(
    tools: &'d BTreeMap<String, BTreeMap<String, Tool>>,
    action_group: &str,
) -> Option<(&'d McpTool, &'d Offered)> {
    match tools.get(action_group)?.get(ALL)? {
        Tool::Mcp(tool) => tool.tools.as_ref().map(|offered| (tool, offered)),
        _ => None,
    }
}

fn find<'d>(agent: &'d Agent, action_group: &str, function: &str) -> Option<(&'d ActionGroup, &'d Function)> {
    let own = agent.action_groups.iter().filter(|group| group.action_group_name == action_group);
    let own = own.flat_map(|group| group.functions().map(move |function| (group, function)));
    let found = own.into_iter().find(|(_, it)| it.name == function);
    found.or_else(|| agent.collaborators.iter().find_map(|below| find(below, action_group, function)))
}
