//! How the binaries start, and how they do not.

use std::process::Output;

use crate::function::{command, lambda};

const CHAT: &str = env!("CARGO_BIN_EXE_chat-bot");
const START: &str = env!("CARGO_BIN_EXE_start-bot");

/// Runs a binary that must give up by itself.
fn ended(binary: &str, in_lambda: bool, variables: &[(&str, &str)]) -> (Output, String) {
    let mut command = command(binary);
    if in_lambda {
        lambda(&mut command, "127.0.0.1:1");
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    assert!(!output.status.success());
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("panicked"), "{said}");
    (output, said)
}

#[test]
fn outside_of_lambda_they_say_so() {
    for binary in [CHAT, START] {
        let (_, said) = ended(binary, false, &[]);
        assert!(said.contains("AWS_LAMBDA_RUNTIME_API is not set"), "{said}");
    }
}

#[test]
fn what_is_missing_is_said_at_once() {
    for binary in [CHAT, START] {
        let (_, said) = ended(binary, true, &[("AGENT_ID", "AGENT_ID")]);
        for name in ["INSTANCE_ID", "TABLE_NAME", "AGENT_ID is not an id"] {
            assert!(said.contains(name), "{name}: {said}");
        }
    }
    let both = [("INSTANCE_ID", "i"), ("TABLE_NAME", "t")];
    for binary in [CHAT, START] {
        assert!(ended(binary, true, &both).1.contains("TOPIC_ARN is not set"));
    }
    let topic = [both[0], both[1], ("TOPIC_ARN", "arn:aws:sns:us-east-1:123456789012:chat")];
    let (_, said) = ended(CHAT, true, &topic);
    assert!(said.contains("RELEVO_MODEL_ID is not set") && said.contains("foundationModel: test"), "{said}");
}

#[test]
fn a_definition_that_does_not_load_is_said_with_its_place() {
    let variables = [("INSTANCE_ID", "i"), ("TABLE_NAME", "t"), ("AGENT_ID", "AAAA"), ("RELEVO_BOT", "/nowhere")];
    let (_, said) = ended(CHAT, true, &variables);
    assert!(said.contains("bot.yaml:1:1"), "{said}");
}

#[test]
fn a_model_without_its_key_is_said_with_the_variable() {
    let bot = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("keyless");
    std::fs::create_dir_all(&bot).unwrap();
    let models = "models: [{openai: {model: m, apiKeyFrom: THE_KEY}}, offline]\n";
    std::fs::write(bot.join("bot.yaml"), format!("{}\n{models}", include_str!("bot.yaml"))).unwrap();
    let topic = "arn:aws:sns:us-east-1:123456789012:chat";
    let bot = bot.display().to_string();
    let of = |more: &[(&'static str, &'static str)]| {
        let all = [("INSTANCE_ID", "i"), ("TABLE_NAME", "t"), ("TOPIC_ARN", topic), ("RELEVO_BOT", bot.as_str())];
        ended(CHAT, true, &[all.as_slice(), more].concat()).1
    };
    assert!(of(&[]).contains("THE_KEY is not set"), "{}", of(&[]));
    // With the key, and without the model that needs it, it starts: there is no Lambda to talk to here.
    for started in [&[("THE_KEY", "sk-1")], &[("RELEVO_MODEL", "offline")]] {
        let said = of(started);
        assert!(!said.contains("environment") && !said.contains("sk-1"), "{said}");
    }
    assert!(of(&[("RELEVO_MODEL", "bedrock")]).contains("RELEVO_MODEL_ID is not set"));
}
