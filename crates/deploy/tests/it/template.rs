//! The template as text: what each bot puts into it.

use std::fs;

use relevo_agents::definition::Definition;
use relevo_bot::Policy;
use relevo_deploy::{
    import::{self, File, Options},
    template::synth,
};

use crate::folders::{EXAMPLES, Folder, root};

#[test]
fn the_committed_template_is_the_one_of_envios() {
    let (template, notes) = synth(Folder::example("envios").bot());
    assert!(notes.refusals.is_empty() && notes.warnings.is_empty() && notes.not_classic.is_empty(), "{notes:?}");
    let committed = fs::read_to_string(root().join("deploy/template.yaml")).unwrap();
    assert!(
        template == committed,
        "deploy/template.yaml is out of date: cargo run -p relevo -- synth --bot examples/envios --out deploy/template.yaml"
    );
}

#[test]
fn nothing_of_the_authors_account_goes_along() {
    for example in EXAMPLES {
        let (template, _) = synth(Folder::example(example).bot());
        for foreign in ["123456789012", "00000000-0000-4000-8000-", "us-east-1"] {
            assert!(!template.contains(foreign), "{example} has {foreign}");
        }
        assert!(template.contains("${StartBot.Arn}") && template.contains("/queue/${queueId}"), "{example}");
    }
}

#[test]
fn what_does_not_run_on_aws_is_named() {
    let (_, notes) = synth(Folder::example("biblioteca").bot());
    assert!(
        notes.refusals.iter().any(|line| line.contains("Catalogue.findBook") && line.contains("library")),
        "{notes:?}"
    );
    let (_, notes) = synth(Folder::example("vuelos").bot());
    assert!(notes.warnings.iter().any(|line| line.contains("addBag") && line.contains("127.0.0.1")), "{notes:?}");
}

#[test]
fn the_role_follows_the_definition() {
    let statements = |yaml: &str| {
        let flow = fs::read_to_string(root().join("examples/envios/flow.json")).unwrap();
        synth(Folder::of(yaml, &flow).bot()).0
    };
    let texts = ["greeting", "handoff", "stillWorking", "failure", "failureHandoff", "unsupported"];
    let texts = texts.map(|text| format!("    {text}: {{en: Words}}\n")).concat();
    let with = |more: &str, agent: &str| {
        format!(
            "name: t\nlanguages: [en]\n{more}\nagent:\n  agentName: t\n  instruction: You answer questions about nothing at all.\n{agent}\n\
             conversation:\n  displayName: {{en: Bot}}\n  texts:\n{texts}"
        )
    };
    let plain = statements(&with("", ""));
    assert!(
        plain.contains("inference-profile/${modelId}") && !plain.contains("Sid: KnowledgeBases"),
        "a model, nothing else"
    );
    let offline = statements(&with("models: [offline]", ""));
    assert!(!offline.contains("Sid: Models"), "no model of Bedrock is asked");
    let named = statements(&with("", "  foundationModel: eu.amazon.nova-pro-v1:0"));
    assert!(named.contains("inference-profile/eu.amazon.nova-pro-v1:0'"), "{named}");
    assert!(named.contains("bedrock:*::foundation-model/amazon.nova-pro-v1:0'"), "{named}");
    let base = statements(&with(
        "knowledgeBases: {ABCDEFGHIJ: {bedrock: true}}",
        "  knowledgeBases: [{knowledgeBaseId: ABCDEFGHIJ, description: All there is}]",
    ));
    assert!(base.contains("knowledge-base/ABCDEFGHIJ'"), "{base}");
    let called = statements(&with(
        "tools: {Crm: {find: {lambda: {function: crm-find}}}}",
        "  actionGroups: [{actionGroupName: Crm, functionSchema: {functions: [{name: find}]}}]",
    ));
    // Also when a Bedrock agent answers, and returns control for it.
    let lines = "              - Sid: Functions\n                Effect: Allow\n                Action: lambda:InvokeFunction\n";
    assert!(called.contains(lines) && called.contains(":function:crm-find'"), "{called}");
    let keyed = statements(&with("models: [{openai: {model: m, apiKeyFrom: MY_KEY}}]", ""));
    assert!(keyed.contains("MY_KEY: !Sub '{{resolve:secretsmanager:relevo/${AWS::StackName}/MY_KEY}}'"), "{keyed}");
}

#[test]
fn every_example_comes_back_from_its_template() {
    for example in EXAMPLES {
        let folder = Folder::example(example);
        let (template, _) = synth(folder.bot());
        let file = File { name: "template.yaml".into(), text: template, asked_for: true };
        let imported = import::import(&[file], &Options::default()).unwrap();
        let document = Definition::<Policy>::document(&imported.files["bot.yaml"], "bot.yaml").unwrap();
        assert_eq!(document, folder.source.document, "{example}");
        // The names of the instance are the stack's to give; all else of the flow is as it was.
        let again = Folder::example(example).with_flow(&imported.files["flow.json"]);
        assert_eq!(synth(folder.bot()).0, synth(again.bot()).0, "{example}");
    }
}
