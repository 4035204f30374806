//! The agents as a run needs them: by name, with their tools, collaborators and ids worked out once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{hash::agent_id, lookups, tool_name::tool_name};
use crate::{
    definition::{
        agent::{
            ActionGroup, ActionGroupExecutor, Agent, Collaboration, CustomControl, Function, Parameter, ParameterType,
            ParentSignature, RelayConversationHistory, RequireConfirmation,
        },
        knowledge::KnowledgeBase,
        operation::Operation,
        prompts::{PromptConfiguration, PromptType},
    },
    guardrail::Guardrail,
    model::{Candidate, ToolKind, ToolSpec},
};

/// `AMAZON.UserInput`'s tool.
pub const ASK_USER: &str = "user__askuser";
/// The supervisor's tool.
pub const SEND_MESSAGE: &str = "AgentCommunication__sendMessage";
/// The customer, as a recipient.
pub const USER: &str = "User";

/// All agents of a definition.
#[derive(Debug, Clone)]
pub struct Team {
    root: String,
    language: Option<String>,
    guardrail: Option<Arc<Guardrail>>,
    members: BTreeMap<String, Member>,
}

/// One agent.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Ten characters of `[0-9A-Z]`, made from its name.
    pub id: String,
    /// From the supervisor at the top to this agent, inclusive: names.
    pub chain: Vec<String>,
    /// `foundationModel`.
    pub model_id: Option<String>,
    /// The model that its routing is decided with.
    pub routing_model_id: Option<String>,
    /// Prompts of its own: for its thinking, and for its routing.
    pub templates: (Option<String>, Option<String>),
    /// Its instruction.
    pub instruction: String,
    /// How it uses its collaborators.
    pub collaboration: Collaboration,
    /// Its collaborators.
    pub candidates: Vec<Candidate>,
    /// Whether its supervisor relays the conversation to it.
    pub relay: bool,
    /// What it can call.
    pub tools: Vec<ToolSpec>,
    /// What it can look up.
    pub knowledge_bases: Vec<KnowledgeBase>,
    functions: BTreeMap<String, Executable>,
}

/// A function that can be called.
#[derive(Debug, Clone)]
pub struct Executable {
    /// Its action group.
    pub action_group: String,
    /// Its name.
    pub function: String,
    /// Where its arguments go, when it is an operation of an API schema.
    pub operation: Option<Operation>,
    /// By name.
    pub parameters: IndexMap<String, Parameter>,
    /// The caller executes it.
    pub return_control: bool,
    /// The customer is asked first.
    pub confirm: bool,
}

impl Team {
    /// Works out a definition's agents. Of two with one name the first counts; the definition's check refuses that.
    pub fn new(supervisor: &Agent) -> Self {
        let mut team =
            Self { root: supervisor.agent_name.clone(), language: None, guardrail: None, members: BTreeMap::new() };
        let mut ids = BTreeSet::new();
        team.add(supervisor, &[], false, &mut ids);
        team
    }

    fn add(&mut self, agent: &Agent, above: &[String], relay: bool, ids: &mut BTreeSet<String>) {
        if self.members.contains_key(&agent.agent_name) {
            return;
        }
        let mut salt = 0;
        let id = loop {
            let id = agent_id(&agent.agent_name, salt);
            if ids.insert(id.clone()) {
                break id;
            }
            salt += 1;
        };
        let chain: Vec<String> = above.iter().chain([&agent.agent_name]).cloned().collect();
        self.members.insert(agent.agent_name.clone(), Member::new(agent, id, chain.clone(), relay));
        for collaborator in &agent.collaborators {
            let relay = agent.collaborator_configurations.iter().any(|configuration| {
                configuration.collaborator_name == collaborator.agent_name
                    && configuration.relay_conversation_history == RelayConversationHistory::ToCollaborator
            });
            self.add(collaborator, &chain, relay, ids);
        }
    }

    /// The language of our own words where the caller tells none: the bot's first.
    #[must_use]
    pub fn speaking(self, language: Option<String>) -> Self {
        Self { language, ..self }
    }

    /// What the customer says and reads is looked at.
    #[must_use]
    pub fn guarded(self, guardrail: Option<Guardrail>) -> Self {
        Self { guardrail: guardrail.map(Arc::new), ..self }
    }

    /// The customer's words as the agents may read them; nothing, where they are blocked.
    pub fn allowed(&self, words: &str) -> Option<String> {
        match &self.guardrail {
            Some(guardrail) => guardrail.allowed(words),
            None => Some(words.to_owned()),
        }
    }

    /// The guardrail.
    pub(super) fn guardrail(&self) -> Option<&Guardrail> {
        self.guardrail.as_deref()
    }

    /// The bot's first language.
    pub(super) fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// The name of the agent at the top.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// An agent by name.
    pub fn member(&self, name: &str) -> Option<&Member> {
        self.members.get(name)
    }

    /// All agents, by name.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }
}

impl Member {
    fn new(agent: &Agent, id: String, chain: Vec<String>, relay: bool) -> Self {
        let collaboration =
            if agent.collaborators.is_empty() { Collaboration::Disabled } else { agent.agent_collaboration };
        let candidates = if collaboration == Collaboration::Disabled { Vec::new() } else { candidates(agent) };
        let mut tools = Vec::new();
        let mut functions = BTreeMap::new();
        for group in &agent.action_groups {
            let return_control = matches!(
                group.action_group_executor,
                Some(ActionGroupExecutor::CustomControl(CustomControl::ReturnControl))
            );
            for function in group.functions() {
                let name = tool_name(&group.action_group_name, function, |name| functions.contains_key(name));
                let spec = function_spec(name, &group.action_group_name, group.description.as_deref(), function);
                let executable = Executable {
                    action_group: group.action_group_name.clone(),
                    function: function.name.clone(),
                    operation: function.operation.clone(),
                    parameters: function.parameters.clone(),
                    return_control,
                    confirm: function.require_confirmation == RequireConfirmation::Enabled,
                };
                functions.insert(spec.name.clone(), executable);
                tools.push(spec);
            }
        }
        tools.extend(agent.knowledge_bases.iter().map(lookups::spec));
        let asks = |signature| signature == Some(ParentSignature::UserInput);
        if agent.action_groups.iter().any(|group| asks(group.parent_action_group_signature)) {
            tools.push(ask_user_spec());
        }
        if !candidates.is_empty() {
            tools.push(send_message_spec(&candidates));
        }
        let prompts = agent.prompt_override_configuration.iter().flat_map(|own| &own.prompt_configurations);
        let of = |r#type| prompts.clone().find(|prompt| prompt.prompt_type == r#type);
        let template = |r#type| of(r#type).and_then(PromptConfiguration::template);
        let model = || agent.foundation_model.clone();
        Self {
            name: agent.agent_name.clone(),
            id,
            chain,
            model_id: of(PromptType::Orchestration).and_then(|it| it.foundation_model.clone()).or_else(model),
            routing_model_id: of(PromptType::RoutingClassifier)
                .and_then(|it| it.foundation_model.clone())
                .or_else(model),
            templates: (template(PromptType::Orchestration), template(PromptType::RoutingClassifier)),
            instruction: agent.instruction.clone(),
            collaboration,
            candidates,
            relay,
            tools,
            knowledge_bases: agent.knowledge_bases.clone(),
            functions,
        }
    }

    /// A function by its tool's name.
    pub fn function(&self, tool: &str) -> Option<&Executable> {
        self.functions.get(tool)
    }

    /// The id of a knowledge base, by its tool's name.
    pub fn knowledge_base(&self, tool: &str) -> Option<&str> {
        self.tools.iter().find(|spec| spec.name == tool).and_then(|spec| match &spec.kind {
            ToolKind::KnowledgeBase { knowledge_base_id } => Some(knowledge_base_id.as_str()),
            _ => None,
        })
    }

    /// Whether it may ask the customer.
    pub fn may_ask(&self) -> bool {
        self.tools.iter().any(|tool| matches!(tool.kind, ToolKind::AskUser))
    }

    /// Whether it is a collaborator of this agent.
    pub fn has_collaborator(&self, name: &str) -> bool {
        self.candidates.iter().any(|candidate| candidate.name == name)
    }

    /// `collaboratorName` on the wire: absent for the supervisor at the top.
    pub fn collaborator_name(&self) -> Option<&str> {
        (self.chain.len() > 1).then_some(self.name.as_str())
    }
}

fn candidates(agent: &Agent) -> Vec<Candidate> {
    let instruction = |name: &str| {
        let configuration = agent.collaborator_configurations.iter().find(|c| c.collaborator_name == name);
        configuration.map(|c| c.collaborator_instruction.clone()).unwrap_or_default()
    };
    let candidate = |collaborator: &Agent| Candidate {
        name: collaborator.agent_name.clone(),
        instruction: instruction(&collaborator.agent_name),
        functions: function_names(collaborator),
        knowledge: knowledge(collaborator),
    };
    agent.collaborators.iter().map(candidate).collect()
}

fn function_names(agent: &Agent) -> Vec<String> {
    let own = agent.action_groups.iter().flat_map(ActionGroup::functions);
    own.map(|function| function.name.clone()).chain(agent.collaborators.iter().flat_map(function_names)).collect()
}

fn knowledge(agent: &Agent) -> Vec<String> {
    let own = agent.knowledge_bases.iter().map(|base| base.description.clone());
    own.chain(agent.collaborators.iter().flat_map(knowledge)).collect()
}

fn function_spec(name: String, group: &str, group_description: Option<&str>, function: &Function) -> ToolSpec {
    let properties: serde_json::Map<String, Value> =
        function.parameters.iter().map(|(name, parameter)| (name.clone(), parameter_schema(parameter))).collect();
    let required: Vec<&String> =
        function.parameters.iter().filter(|(_, parameter)| parameter.required).map(|(name, _)| name).collect();
    let description = function.description.as_deref().or(group_description).unwrap_or(&function.name);
    ToolSpec {
        name,
        description: description.to_owned(),
        input_schema: json!({"type": "object", "properties": properties, "required": required}),
        kind: ToolKind::Function {
            action_group: group.to_owned(),
            function: function.name.clone(),
            parameters: function.parameters.iter().map(|(name, p)| (name.clone(), p.clone())).collect(),
        },
    }
}

fn parameter_schema(parameter: &Parameter) -> Value {
    let mut schema = parameter.schema.clone().unwrap_or_else(|| json!({"type": type_name(parameter.r#type)}));
    if let Value::Object(members) = &mut schema {
        if parameter.r#type == ParameterType::Array && !members.contains_key("items") {
            members.insert("items".into(), json!({}));
        }
        if let Some(description) = &parameter.description {
            members.insert("description".into(), json!(description));
        }
    }
    schema
}

/// A type's name, in JSON schema as on Bedrock's wire.
pub(super) fn type_name(r#type: ParameterType) -> &'static str {
    match r#type {
        ParameterType::String => "string",
        ParameterType::Number => "number",
        ParameterType::Integer => "integer",
        ParameterType::Boolean => "boolean",
        ParameterType::Array => "array",
        ParameterType::Object => "object",
    }
}

fn ask_user_spec() -> ToolSpec {
    ToolSpec {
        name: ASK_USER.into(),
        description: "Ask the customer for something that is needed to go on. The result is the customer's reply."
            .into(),
        input_schema: json!({
            "type": "object",
            "properties": {"question": {"type": "string", "description": "The question, as the customer will read it"}},
            "required": ["question"],
        }),
        kind: ToolKind::AskUser,
    }
}

fn send_message_spec(candidates: &[Candidate]) -> ToolSpec {
    let recipients: Vec<&str> = candidates.iter().map(|candidate| candidate.name.as_str()).chain([USER]).collect();
    ToolSpec {
        name: SEND_MESSAGE.into(),
        description: "Send a message to another agent; the result is its answer. To `User` it is the final answer."
            .into(),
        input_schema: json!({
            "type": "object",
            "properties": {
                "recipient": {"type": "string", "enum": recipients, "description": "Who is to read it"},
                "content": {"type": "string", "description": "The message, with all the recipient needs to know"},
            },
            "required": ["recipient", "content"],
        }),
        kind: ToolKind::SendMessage { recipients: candidates.to_vec() },
    }
}
