//! Functions that a Bedrock agent returns control for, executed as the bot's definition says: by its `tools`.
//!
//! Bedrock's own agents execute a function by a Lambda function or not at all; look-ups in tables and HTTP endpoints are the
//! bot's, and so they come back to it (`relevo_deploy::classic`).

use std::sync::Arc;

use async_trait::async_trait;
use relevo_agents::{
    definition::AgentsDefinition,
    run::read_arguments,
    tools::{Caller, ToolCall, ToolError, ToolOutput, Tools},
};
use relevo_bot::{
    handlers::idempotency_key,
    ports::{FunctionInput, Handlers},
};

/// The handlers of the definition's conversation first, then its tools.
pub struct DefinitionFunctions {
    definition: Arc<AgentsDefinition>,
    tools: Arc<dyn Tools>,
    handlers: Option<Arc<dyn Handlers>>,
}

impl DefinitionFunctions {
    /// `handlers`: who is asked first.
    pub fn new(definition: Arc<AgentsDefinition>, tools: Arc<dyn Tools>, handlers: Option<Arc<dyn Handlers>>) -> Self {
        Self { definition, tools, handlers }
    }
}

#[async_trait]
impl Handlers for DefinitionFunctions {
    async fn call(&self, contact_id: &str, turn_id: &str, input: &FunctionInput) -> Option<Result<String, String>> {
        if let Some(handlers) = &self.handlers
            && let Some(result) = handlers.call(contact_id, turn_id, input).await
        {
            return Some(result);
        }
        self.definition.executor(&input.action_group, &input.function)?;
        let (_, function) = self.definition.function(&input.action_group, &input.function)?;
        let given: Vec<(String, String)> = input.values().cloned().collect();
        let arguments = match read_arguments(function, &given) {
            Ok(arguments) => arguments,
            Err(wrong) => return Some(Err(wrong)),
        };
        let attribute = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let call = ToolCall {
            action_group: input.action_group.clone(),
            function: input.function.clone(),
            arguments,
            session_attributes: [attribute("contactId", contact_id), attribute("turnId", turn_id)].into(),
            idempotency_key: idempotency_key(contact_id, turn_id, input),
            caller: Caller {
                agent_name: input.collaborator_name.clone().unwrap_or_else(|| self.definition.agent.agent_name.clone()),
                agent_id: input.agent_id.clone().unwrap_or_default(),
                session_id: contact_id.to_owned(),
                ..Caller::default()
            },
        };
        Some(match self.tools.call(call).await {
            Ok(ToolOutput { text, error: false, .. }) => Ok(text),
            Ok(ToolOutput { text, error: true, .. }) => Err(text),
            Err(error) => {
                let function = input.function.as_str();
                tracing::warn!(contact_id, turn_id, function, %error, "the function gave no result");
                Err(match error {
                    ToolError::TimedOut => "The function took too long.".into(),
                    _ => "The function failed.".into(),
                })
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use relevo_agents::definition::Definition;
    use relevo_bot::ports::Confirmation;

    use super::*;

    #[derive(Default)]
    struct Desk(Mutex<Vec<ToolCall>>);

    #[async_trait]
    impl Tools for Desk {
        async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
            let slow = call.arguments.get("count") == Some("9");
            self.0.lock().unwrap().push(call);
            if slow { Err(ToolError::TimedOut) } else { Ok("{\"found\": true}".into()) }
        }
    }

    struct Registered;

    #[async_trait]
    impl Handlers for Registered {
        async fn call(&self, _: &str, _: &str, input: &FunctionInput) -> Option<Result<String, String>> {
            (input.function == "own").then(|| Ok("by the handler".into()))
        }
    }

    fn functions() -> (DefinitionFunctions, Arc<Desk>) {
        let yaml = "
name: shop
languages: [en]
agent:
  agentName: shop
  instruction: You look things up in the shop, nothing else.
  actionGroups:
    - actionGroupName: Stock
      functionSchema:
        functions:
          - {name: find, parameters: {count: {type: integer, required: true}, note: {type: string}}}
          - {name: own, parameters: {}}
    - actionGroupName: Person
      actionGroupExecutor: {customControl: RETURN_CONTROL}
      functionSchema: {functions: [{name: nobodys}]}
tools:
  Stock: {find: {http: {method: GET, url: 'http://127.0.0.1:1/'}}, own: {http: {method: GET, url: 'http://127.0.0.1:1/'}}}
conversation: {}
";
        let parsed = Definition::<serde_json::Value>::parse(yaml, "bot.yaml");
        let definition = parsed.unwrap_or_else(|problems| panic!("{problems:?}")).split().0;
        let desk = Arc::new(Desk::default());
        let registered: Arc<dyn Handlers> = Arc::new(Registered);
        (DefinitionFunctions::new(definition, desk.clone(), Some(registered)), desk)
    }

    fn input(function: &str, parameters: &[(&str, &str)]) -> FunctionInput {
        FunctionInput {
            action_group: "Stock".into(),
            function: function.into(),
            agent_id: Some("AGENT".into()),
            collaborator_name: None,
            parameters: parameters.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            body: None,
            confirmation: Confirmation::NotNeeded,
        }
    }

    #[tokio::test]
    async fn the_definitions_tools_execute_what_comes_back() {
        let (functions, desk) = functions();
        let result = functions.call("contact", "turn", &input("find", &[("count", "3"), ("note", "")])).await;
        assert_eq!(result, Some(Ok("{\"found\": true}".into())));
        let calls = desk.0.lock().unwrap().clone();
        let call = calls.first().unwrap();
        assert_eq!((call.arguments.get("count"), call.arguments.get("note")), (Some("3"), None));
        assert_eq!(call.session_attributes.get("contactId").map(String::as_str), Some("contact"));
        assert_eq!((call.caller.agent_id.as_str(), call.caller.agent_name.as_str()), ("AGENT", "shop"));
        assert!(call.idempotency_key.starts_with("contact:turn:"));
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_in_words_for_the_agent() {
        let (functions, desk) = functions();
        let wrong = functions.call("c", "t", &input("find", &[("count", "many")])).await.unwrap().unwrap_err();
        assert!(wrong.contains("count"), "{wrong}");
        assert!(desk.0.lock().unwrap().is_empty(), "it is not called");
        let slow = functions.call("c", "t", &input("find", &[("count", "9")])).await;
        assert_eq!(slow, Some(Err("The function took too long.".into())));
    }

    #[tokio::test]
    async fn handlers_come_first_and_what_nobody_executes_is_nobodys() {
        let (functions, _) = functions();
        assert_eq!(functions.call("c", "t", &input("own", &[])).await, Some(Ok("by the handler".into())));
        let person = FunctionInput { action_group: "Person".into(), ..input("nobodys", &[]) };
        assert_eq!(functions.call("c", "t", &person).await, None);
        assert_eq!(functions.call("c", "t", &input("unheard", &[])).await, None);
    }
}
