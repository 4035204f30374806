//! `models:` in a definition: what is read, what is wrong and where, and what names stand for.

use relevo_agents::definition::{
    Definition,
    models::{BedrockChoice, InferenceConfiguration, ModelChoice, OpenAiChoice, named, timeouts},
};
use serde_json::{Value, json};

use crate::support::yaml;

/// The definition with `models:` at its end.
fn with(models: &str) -> String {
    format!("{}{models}", yaml("SUPERVISOR"))
}

fn read(models: &str) -> Option<Vec<ModelChoice>> {
    Definition::<Value>::parse(&with(models), "bot.yaml").unwrap_or_else(|problems| panic!("{problems:?}")).models
}

/// Every problem: its line from `models:` on, message and hint.
fn problems(models: &str) -> Vec<(usize, String)> {
    let before = yaml("SUPERVISOR").lines().count();
    let problems = Definition::<Value>::parse(&with(models), "bot.yaml").unwrap_err();
    problems
        .iter()
        .map(|problem| {
            let line = usize::try_from(problem.line).unwrap().saturating_sub(before);
            (line, format!("{} ({})", problem.message, problem.hint.clone().unwrap_or_default()))
        })
        .collect()
}

fn openai() -> OpenAiChoice {
    OpenAiChoice {
        base_url: "https://api.openai.com/v1".into(),
        model: "m".into(),
        api_key_from: None,
        inference_configuration: InferenceConfiguration::default(),
        timeout_ms: None,
        silence_ms: 15_000,
    }
}

#[test]
fn names_alone_and_settings() {
    assert_eq!(read(""), None);
    assert_eq!(read("models: [offline]\n"), Some(vec![ModelChoice::Offline]));
    let bedrock = ModelChoice::Bedrock(BedrockChoice::default());
    assert_eq!(read("models: [bedrock, offline]\n"), Some(vec![bedrock.clone(), ModelChoice::Offline]));
    assert_eq!(
        read("models:\n  - bedrock: {}\n  - openai: {model: m}\n"),
        Some(vec![bedrock, ModelChoice::OpenAi(openai())])
    );
    let chain = read(
        "models:
  - bedrock: {modelId: eu.a.b-v1:0, promptCaching: true, streaming: false, timeoutMs: 5000, silenceMs: 900}
  - openai:
      baseUrl: http://localhost:11434/v1
      model: small
      apiKeyFrom: LOCAL_KEY
      inferenceConfiguration: {maximumLength: 500, temperature: 0.5, topP: 1, stopSequences: [END]}
  - offline
",
    );
    let bedrock = BedrockChoice {
        model_id: Some("eu.a.b-v1:0".into()),
        prompt_caching: true,
        streaming: false,
        timeout_ms: Some(5_000),
        silence_ms: 900,
        ..BedrockChoice::default()
    };
    let openai = OpenAiChoice {
        base_url: "http://localhost:11434/v1".into(),
        model: "small".into(),
        api_key_from: Some("LOCAL_KEY".into()),
        inference_configuration: InferenceConfiguration {
            maximum_length: Some(500),
            temperature: Some(0.5),
            top_p: Some(1.0),
            stop_sequences: vec!["END".into()],
        },
        ..openai()
    };
    assert_eq!(chain, Some(vec![ModelChoice::Bedrock(bedrock), ModelChoice::OpenAi(openai), ModelChoice::Offline]));
}

#[test]
fn each_problem_has_its_line() {
    for (models, line, message) in [
        ("models: [offlin]\n", 1, "unknown value `offlin` (did you mean `offline`?)"),
        ("models: offline\n", 1, "expected a list here, found the text `offline`"),
        ("models: []\n", 1, "`models` is empty"),
        ("models:\n  - openai\n", 2, "`openai` needs a value"),
        ("models:\n  - openai: {}\n", 2, "the key `model` is missing"),
        ("models:\n  - openai:\n      modl: m\n", 3, "unknown key `modl` (did you mean `model`?)"),
        ("models:\n  - {}\n", 2, "expected exactly one key here, found 0 (known here: bedrock, openai, offline)"),
        ("models:\n  - bedrock: {}\n    openai: {model: m}\n", 2, "expected exactly one key here"),
        ("models:\n  - offline\n  - bedrock\n", 2, "`offline` always answers"),
        ("models:\n  - bedrock:\n      modelId: ''\n", 3, "modelId has 0 characters"),
        ("models:\n  - bedrock:\n      timeoutMs: 100\n", 3, "timeoutMs is 100; it must be 1000 to 60000"),
        (
            "models:\n  - bedrock: {timeoutMs: 30000}\n  - bedrock: {timeoutMs: 30000}\n  - offline\n",
            2,
            "before the last may take 60000 ms together",
        ),
        ("models:\n  - bedrock:\n      silenceMs: 70000\n", 3, "silenceMs is 70000"),
        ("models:\n  - bedrock:\n      inferenceConfiguration:\n        temperature: 2\n", 4, "temperature is 2"),
        ("models:\n  - bedrock:\n      inferenceConfiguration: {maximumLength: 0}\n", 3, "maximumLength is 0"),
        (
            "models:\n  - bedrock:\n      inferenceConfiguration: {maximumLength: many}\n",
            3,
            "expected a whole number from 0 to 4294967295 here, found the text `many`",
        ),
        (
            "models:\n  - bedrock:\n      inferenceConfiguration: {stopSequences: [a, '']}\n",
            3,
            "stop sequence is empty",
        ),
        ("models:\n  - openai:\n      model: m\n      baseUrl: api.example/v1\n", 4, "must begin with https://"),
        ("models:\n  - openai:\n      model: m\n      baseUrl: https:///v1\n", 4, "must begin with https://"),
        (
            "models:\n  - openai:\n      model: m\n      baseUrl: https://a.example/v1/chat/completions\n",
            4,
            "stands before",
        ),
        (
            "models:\n  - openai:\n      model: m\n      apiKeyFrom: KEY\n      baseUrl: http://api.example/v1\n",
            5,
            "unencrypted",
        ),
        ("models:\n  - openai:\n      model: m\n      baseUrl: https://a.example/a b\n", 4, "an address has no blanks"),
        ("models:\n  - openai:\n      model: m\n      apiKeyFrom: sk-abc\n", 4, "not the name of an environment"),
    ] {
        let found = problems(models);
        assert_eq!(found.len(), 1, "{models}: {found:?}");
        assert!(found[0].0 == line && found[0].1.contains(message), "{models}: {found:?}");
    }
}

#[test]
fn whoever_stands_before_the_last_leaves_it_time() {
    let ms = |models: &str| -> Vec<Option<u128>> {
        timeouts(&read(models).unwrap()).into_iter().map(|time| time.map(|time| time.as_millis())).collect()
    };
    assert_eq!(ms("models: [bedrock]\n"), [None]);
    assert_eq!(ms("models: [bedrock, offline]\n"), [Some(25_000), None]);
    assert_eq!(ms("models: [bedrock, bedrock, bedrock]\n"), [Some(25_000), Some(25_000), None]);
    assert_eq!(ms("models: [bedrock, bedrock, bedrock, bedrock, bedrock, offline]\n")[4..], [Some(10_000), None]);
    let set = "models: [{bedrock: {timeoutMs: 5000}}, bedrock, bedrock, {bedrock: {timeoutMs: 1000}}]\n";
    assert_eq!(ms(set), [Some(5_000), Some(16_666), Some(16_666), None]);
}

#[test]
fn a_key_in_the_file_is_not_repeated() {
    let found = problems("models:\n  - openai: {model: m, apiKeyFrom: sk-very-secret}\n");
    assert!(!format!("{found:?}").contains("secret"), "{found:?}");
}

#[test]
fn an_agent_with_a_guardrail_is_not_answered_for_without_it() {
    let guarded = "  guardrailConfiguration: {guardrailIdentifier: g-1, guardrailVersion: '1'}\n";
    let of = |models: &str, guard: &str| {
        let text = with(models).replacen("  agentName: front\n", &format!("  agentName: front\n{guard}"), 1);
        assert!(text.contains(guard));
        Definition::<Value>::parse(&text, "bot.yaml")
    };
    let chain = "models: [{openai: {model: m}}, offline]\n";
    let found = of(chain, guarded).unwrap_err();
    assert!(found.len() == 1 && found[0].message.contains("`front` has a guardrailConfiguration"), "{found:?}");
    let bedrock = of("models: [bedrock, offline]\n", guarded).unwrap();
    let inline = json!({"agentName": "a", "instruction": "You answer what the customer asks for, briefly.",
        "guardrailConfiguration": {"guardrailIdentifier": "g-1", "guardrailVersion": "1"}});
    let refused = of(chain, "").unwrap().split().0.inline(&inline).unwrap_err();
    assert!(refused.len() == 1 && refused[0].message.contains("`a` has a guardrailConfiguration"), "{refused:?}");
    assert!(bedrock.clone().split().0.inline(&inline).is_ok());
    let agent = bedrock.agent;
    assert_eq!(agent.guardrail_configuration.unwrap().guardrail_version, "1");
    let long = of("", "  guardrailConfiguration: {guardrailIdentifier: '', guardrailVersion: DRAFT-2}\n").unwrap_err();
    assert_eq!(long.len(), 2, "{long:?}");
}

#[test]
fn names_from_outside_stand_for_declared_entries() {
    let declared =
        read("models:\n  - openai: {model: m}\n  - bedrock: {modelId: x}\n  - bedrock: {modelId: y}\n").unwrap();
    assert_eq!(named(&declared, ["offline"]).unwrap(), [ModelChoice::Offline]);
    assert_eq!(
        named(&declared, [" bedrock ", "openai"]).unwrap(),
        [declared[1].clone(), declared[2].clone(), declared[0].clone()]
    );
    assert_eq!(named(&[], ["bedrock"]).unwrap(), [ModelChoice::Bedrock(BedrockChoice::default())]);
    assert!(named(&[], ["openai"]).unwrap_err().contains("no `openai` in `models:`"));
    assert!(named(&[], ["opnai"]).unwrap_err().contains("`opnai` is no model provider"));
    assert!(named(&[], []).unwrap_err().contains("no model provider is named"));
}
