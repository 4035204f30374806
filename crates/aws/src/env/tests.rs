//! What the environment says, and what is wrong with it.

use std::path::Path;

use super::*;

fn of(given: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
    let find = |name: &str| given.iter().find(|(it, _)| *it == name).map(|(_, value)| (*value).to_owned());
    Environment::of(find)
}

#[test]
fn the_samples_variables_and_the_defaults() {
    let read = of(&[(INSTANCE_ID, "i-1"), (TABLE_NAME, "sessions"), (AGENT_ID, "ABCDEF1234")]).unwrap();
    assert_eq!((read.instance_id.as_str(), read.topic_arn), ("i-1", None));
    let Answers::BedrockAgent(agent) = read.answers else { panic!("{:?}", read.answers) };
    assert_eq!((agent.agent_id.as_str(), agent.agent_alias_id.as_str()), ("ABCDEF1234", "TSTALIASID"));
    assert!(agent.streaming && read.agent_trace);
    assert_eq!(read.bot, Path::new("bot/"));
}

#[test]
fn arns_stand_for_ids() {
    let read = of(&[
        (INSTANCE_ID, "arn:aws:connect:us-east-1:123456789012:instance/0f2c-11"),
        (TABLE_NAME, " sessions "),
        (TOPIC_ARN, "arn:aws:sns:us-east-1:123456789012:chat"),
        (AGENT_ID, "arn:aws:bedrock:us-east-1:123456789012:agent/AAAA"),
        (AGENT_ALIAS_ID, "arn:aws:bedrock:us-east-1:123456789012:agent-alias/AAAA/BBBB"),
        (RELEVO_AGENT_STREAMING, "false"),
        (RELEVO_BOT, "envios"),
        (LAMBDA_TASK_ROOT, "/var/task"),
    ])
    .unwrap();
    let agent = AgentRef { agent_id: "AAAA".into(), agent_alias_id: "BBBB".into(), streaming: false };
    assert_eq!(
        (read.instance_id.as_str(), read.table_name.as_str(), read.answers),
        ("0f2c-11", "sessions", Answers::BedrockAgent(agent))
    );
    assert_eq!(read.bot, Path::new("/var/task/envios"));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let error = of(&[
        (INSTANCE_ID, "  "),
        (TOPIC_ARN, "arn:aws:sns:us-east-1:123456789012:chat.fifo"),
        (AGENT_ID, "AGENT_ID"),
        (AGENT_ALIAS_ID, "arn:aws:sns:us-east-1:123456789012:chat"),
        (RELEVO_AGENT_STREAMING, "yes"),
        (RELEVO_AGENT_TRACE, "1"),
        (RELEVO_MODEL, "opnai"),
    ])
    .unwrap_err();
    assert_eq!(error.0.len(), 8, "{error}");
    let names = [INSTANCE_ID, TABLE_NAME, TOPIC_ARN, AGENT_ID, AGENT_ALIAS_ID, RELEVO_AGENT_STREAMING];
    for name in names.into_iter().chain([RELEVO_AGENT_TRACE, RELEVO_MODEL]) {
        assert!(error.0.iter().any(|problem| problem.starts_with(name)), "{name}: {error}");
    }
}

#[test]
fn a_topic_is_a_topic() {
    let error = of(&[(INSTANCE_ID, "i"), (TABLE_NAME, "t"), (TOPIC_ARN, "chat-topic")]).unwrap_err();
    assert!(error.to_string().contains("not the ARN of an SNS topic"));
}

#[test]
fn without_an_agent_the_definitions_own_answer() {
    let own = |given: &[(&str, &str)]| {
        let read = of(&[&[(INSTANCE_ID, "i"), (TABLE_NAME, "t")], given].concat()).unwrap();
        (read.answers, read.agent_trace)
    };
    let models = |named: &[&str], id: Option<&str>| {
        let named = named.iter().map(|name| (*name).to_owned()).collect();
        Answers::Own(OwnModels { named, default_model_id: id.map(str::to_owned) })
    };
    assert_eq!(own(&[]), (models(&[], None), true));
    assert_eq!(
        own(&[(RELEVO_MODEL, "bedrock"), (RELEVO_MODEL_ID, " eu.a.b-v1:0 ")]),
        (models(&["bedrock"], Some("eu.a.b-v1:0")), true)
    );
    assert_eq!(
        own(&[(RELEVO_MODEL, " openai, offline "), (RELEVO_AGENT_TRACE, "false")]),
        (models(&["openai", "offline"], None), false)
    );
    assert!(matches!(own(&[(RELEVO_MODEL, "offline"), (AGENT_ID, "A")]).0, Answers::BedrockAgent(_)));
}
