//! `InvokeInlineAgent` as the AWS SDK sees it: the agents come with each request.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use aws_sdk_bedrockagentruntime::{
    error::ProvideErrorMetadata as _,
    operation::invoke_inline_agent::builders::InvokeInlineAgentFluentBuilder,
    primitives::Blob,
    types::{
        ActionGroupExecutor, AgentActionGroup, AgentCollaboration, ByteContentFile, Collaborator,
        CollaboratorConfiguration, ContentBlock, ContentBody, ConversationHistory, ConversationRole,
        CustomControlMethod, FileSource, FileSourceType, FileUseCase, FunctionDefinition, FunctionResult,
        FunctionSchema, InlineAgentResponseStream, InlineAgentReturnControlPayload, InlineSessionState, InputFile,
        InvocationInputMember, InvocationResultMember, Message, ParameterDetail, ParameterType,
        PromptCreationConfigurations, RelayConversationHistory, S3ObjectFile,
    },
};
use relevo_agents::{
    model::{Content, Model, ModelError, ModelReply, ModelRequest, Outcome, Purpose, Route, Usage},
    runtime::{InlineAgents, Ports, PortsError},
};

use crate::{agents, sdk, support::Server};

const INSTRUCTION: &str = "You are the first line of a bank and friendly to everybody.";

/// Keeps what the models were asked; routes to the first collaborator and calls a tool where the customer says so.
#[derive(Default)]
struct Seen(Mutex<Vec<ModelRequest>>);

#[async_trait]
impl Model for Seen {
    async fn answer(&self, request: ModelRequest) -> Result<ModelReply, ModelError> {
        let outcome = match &request.purpose {
            Purpose::Route { candidates, .. } => Outcome::Route(Route::Agent(candidates[0].name.clone())),
            Purpose::Orchestrate { tools } => {
                let last = request.messages.last().and_then(|message| message.content.last());
                Outcome::Content(vec![match last {
                    Some(Content::Text(text)) if text.contains("call") => {
                        Content::ToolUse(relevo_agents::model::ToolUse {
                            tool_use_id: "1".into(),
                            name: tools[0].name.clone(),
                            input: serde_json::json!({"card": "last four"}),
                        })
                    }
                    Some(Content::ToolResult(result)) => Content::Text(format!("Done: {}", result.text)),
                    _ => Content::Text(format!("I am {}.", request.agent_name)),
                }])
            }
            Purpose::Summarize { .. } => Outcome::Content(vec![]),
        };
        self.0.lock().unwrap().push(request);
        Ok(ModelReply { outcome, usage: Usage::default(), model: None })
    }
}

async fn server() -> (Server, Arc<Seen>) {
    let (seen, ports) = (Arc::new(Seen::default()), agents::ports());
    let model = Arc::clone(&seen);
    let ports = move |_: &Arc<_>| Ok(Ports { model: model.clone(), ..ports.clone() });
    (Server::with_inline(InlineAgents::new(agents::definition(), Arc::new(ports))).await, seen)
}

fn ask(server: &Server, session: &str, text: &str) -> InvokeInlineAgentFluentBuilder {
    let request = sdk::agents(server).invoke_inline_agent().session_id(session).input_text(text).enable_trace(true);
    request.foundation_model("any").instruction(INSTRUCTION)
}

fn blocking() -> AgentActionGroup {
    let card = ParameterDetail::builder().r#type(ParameterType::String).required(true).build().unwrap();
    let function = FunctionDefinition::builder().name("blockCard").parameters("card", card).build().unwrap();
    AgentActionGroup::builder()
        .action_group_name("Cards")
        .action_group_executor(ActionGroupExecutor::CustomControl(CustomControlMethod::ReturnControl))
        .function_schema(FunctionSchema::Functions(vec![function]))
        .build()
        .unwrap()
}

/// Text, control and the collaborators that traces name.
async fn read(
    request: InvokeInlineAgentFluentBuilder,
) -> (String, Option<InlineAgentReturnControlPayload>, Vec<String>) {
    let mut output = request.send().await.unwrap();
    let (mut text, mut control, mut names) = (String::new(), None, Vec::new());
    while let Some(event) = output.completion.recv().await.unwrap() {
        match event {
            InlineAgentResponseStream::Chunk(part) => {
                text.push_str(std::str::from_utf8(part.bytes().unwrap().as_ref()).unwrap());
            }
            InlineAgentResponseStream::ReturnControl(payload) => control = Some(payload),
            InlineAgentResponseStream::Trace(part) => names.extend(part.collaborator_name().map(str::to_owned)),
            other => panic!("{other:?}"),
        }
    }
    (text, control, names)
}

#[tokio::test]
async fn agents_come_with_the_request_and_the_session_stays() {
    let (server, seen) = server().await;
    let (text, _, _) = read(ask(&server, "session-1", "hello").agent_name("teller")).await;
    assert_eq!(text, "I am teller.");
    read(ask(&server, "session-1", "again").agent_name("teller")).await;
    assert_eq!(seen.0.lock().unwrap().last().unwrap().messages.len(), 3, "it remembers");

    // A team: a router whose collaborator answers as it is.
    let collaborator = Collaborator::builder().agent_name("cards").foundation_model("any").instruction(INSTRUCTION);
    let configuration =
        CollaboratorConfiguration::builder().collaborator_name("cards").collaborator_instruction("Cards");
    let relayed = configuration.relay_conversation_history(RelayConversationHistory::ToCollaborator).build().unwrap();
    let request = ask(&server, "session-2", "hello")
        .agent_collaboration(AgentCollaboration::SupervisorRouter)
        .collaborators(collaborator.build().unwrap())
        .collaborator_configurations(relayed);
    let (text, _, names) = read(request).await;
    assert_eq!(text, "I am cards.");
    assert!(names.iter().all(|name| name == "cards") && !names.is_empty());
}

#[tokio::test]
async fn control_is_returned_to_the_caller() {
    let (server, _) = server().await;
    let (_, control, _) = read(ask(&server, "session-1", "call").action_groups(blocking())).await;
    let control = control.unwrap();
    let [InvocationInputMember::FunctionInvocationInput(input)] = control.invocation_inputs() else { panic!("one") };
    assert_eq!((input.function(), input.parameters()[0].value()), (Some("blockCard"), Some("last four")));
    let body = ContentBody::builder().body("blocked").build();
    let result = FunctionResult::builder().action_group("Cards").function("blockCard").response_body("TEXT", body);
    let state = InlineSessionState::builder()
        .set_invocation_id(control.invocation_id().map(str::to_owned))
        .return_control_invocation_results(InvocationResultMember::FunctionResult(result.build().unwrap()));
    let request = ask(&server, "session-1", "").action_groups(blocking()).inline_session_state(state.build());
    assert_eq!(read(request).await.0, "Done: blocked");
}

#[tokio::test]
async fn what_was_said_before_and_how_much_of_it_is_told() {
    let (server, seen) = server().await;
    let said =
        |role, text: &str| Message::builder().role(role).content(ContentBlock::Text(text.into())).build().unwrap();
    let history = ConversationHistory::builder()
        .messages(said(ConversationRole::User, "my card is gone"))
        .messages(said(ConversationRole::Assistant, "Shall I block it?"))
        .build();
    let state = || InlineSessionState::builder().conversation_history(history.clone()).build();
    read(ask(&server, "session-1", "yes").inline_session_state(state())).await;
    let texts = |seen: &Seen| -> Vec<String> {
        let last = seen.0.lock().unwrap().last().unwrap().messages.clone();
        let texts = last.into_iter().flat_map(|message| message.content.clone());
        texts.filter_map(|content| if let Content::Text(text) = content { Some(text) } else { None }).collect()
    };
    assert_eq!(texts(&seen), ["my card is gone", "Shall I block it?", "yes"]);
    // A session that is there keeps its own.
    read(ask(&server, "session-1", "and now?").inline_session_state(state())).await;
    assert_eq!(texts(&seen).len(), 5);
    let one = PromptCreationConfigurations::builder().previous_conversation_turns_to_include(1).build();
    read(ask(&server, "session-1", "really?").prompt_creation_configurations(one)).await;
    assert_eq!(texts(&seen), ["and now?", "I am InlineAgent.", "really?"]);
}

#[tokio::test]
async fn a_wrong_configuration_names_what_is_wrong() {
    let (server, _) = server().await;
    let collaborator = Collaborator::builder().agent_name("cards").foundation_model("any").instruction(INSTRUCTION);
    let request = ask(&server, "session-1", "hello").collaborators(collaborator.build().unwrap());
    let error = request.send().await.unwrap_err().into_service_error();
    assert_eq!(error.code(), Some("ValidationException"));
    assert!(error.message().unwrap().contains("collaboration is disabled"), "{error:?}");

    let error = ask(&server, "session-1", "hello").instruction("short").send().await.unwrap_err().into_service_error();
    assert!(error.message().unwrap().contains("'instruction'"), "{error:?}");
    // Without an executor of the bot's own, somebody must execute it.
    let nobody = AgentActionGroup::builder().action_group_name("Cards");
    let function =
        FunctionDefinition::builder().name("blockCard").set_parameters(Some(BTreeMap::new().into_iter().collect()));
    let nobody = nobody.function_schema(FunctionSchema::Functions(vec![function.build().unwrap()])).build().unwrap();
    let error = ask(&server, "session-1", "x").action_groups(nobody).send().await.unwrap_err().into_service_error();
    assert!(error.message().unwrap().contains("nobody executes `blockCard`"), "{error:?}");
}

#[tokio::test]
async fn agents_that_nobody_here_can_answer_for_are_refused_by_name() {
    for (error, code, told) in [
        (PortsError::Refused("`front` has a guardrail".into()), "ValidationException", true),
        (PortsError::Failed("mi secreto".into()), "InternalServerException", false),
    ] {
        let cause = error.to_string();
        let agents = InlineAgents::new(agents::definition(), Arc::new(move |_: &Arc<_>| Err(error.clone())));
        let server = Server::with_inline(agents).await;
        let error = ask(&server, "session-1", "hello").send().await.unwrap_err().into_service_error();
        assert_eq!((error.code(), error.message().unwrap().contains(&cause)), (Some(code), told));
    }
}

#[tokio::test]
async fn files_are_read_up_to_the_services_limit_and_refused_by_name() {
    let (server, seen) = server().await;
    let file = |usage: FileUseCase, source: FileSource| {
        let file = InputFile::builder().name("a.csv").use_case(usage).source(source).build().unwrap();
        ask(&server, "session-1", "look").inline_session_state(InlineSessionState::builder().files(file).build())
    };
    let content = |data: Vec<u8>| {
        let content = ByteContentFile::builder().media_type("text/csv").data(Blob::new(data)).build().unwrap();
        FileSource::builder().source_type(FileSourceType::ByteContent).byte_content(content).build().unwrap()
    };
    read(file(FileUseCase::Chat, content(b"n;state\n7;lost".to_vec()))).await;
    let asked = format!("{:?}", seen.0.lock().unwrap().last().unwrap().messages);
    assert!(asked.contains("n;state\\n7;lost") && asked.contains("a.csv"), "{asked}");
    read(file(FileUseCase::Chat, content(vec![b'a'; 10_485_760]))).await;

    let s3 = S3ObjectFile::builder().uri("s3://bucket/key").build().unwrap();
    let s3 = FileSource::builder().source_type(FileSourceType::S3).s3_location(s3).build().unwrap();
    for (request, wanted) in [
        (file(FileUseCase::CodeInterpreter, content(b"a".to_vec())), "CODE_INTERPRETER is not supported"),
        (file(FileUseCase::Chat, s3), "Files in S3 are not supported"),
        (file(FileUseCase::Chat, content(vec![b'a'; 10_485_761])), "less than or equal to 10485760"),
        (file(FileUseCase::Chat, content(vec![0xff, 0xfe, 0])), "'a.csv' at 'sessionState.files.1'"),
    ] {
        let error = request.send().await.unwrap_err().into_service_error();
        assert_eq!(error.code(), Some("ValidationException"));
        assert!(error.message().unwrap().contains(wanted), "{error:?}");
    }
}
