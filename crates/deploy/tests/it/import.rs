//! Bots that come back from templates, and bots made of what others have.

use std::fs;

use relevo_agents::definition::Definition;
use relevo_bot::Policy;
use relevo_connect::flow::Flow;
use relevo_deploy::{
    cfn,
    classic::{self, Source},
    import::{self, File, Imported, Options},
};
use serde_json::{Value, json};

use crate::classic::{EXAMPLES, changed, example, template};

fn files(given: &[(&str, String)]) -> Vec<File> {
    given.iter().map(|(name, text)| File { name: (*name).into(), text: text.clone(), asked_for: true }).collect()
}

fn bot(imported: &Imported) -> Value {
    Definition::<Policy>::document(&imported.files["bot.yaml"], "bot.yaml").unwrap()
}

fn notes(imported: &Imported) -> String {
    imported.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The folder, read as `relevo` reads it.
fn whole(imported: &Imported) -> Definition<Policy> {
    let dir = tempfile::tempdir().unwrap();
    for folder in &imported.folders {
        fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    for (name, text) in &imported.files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Flow::parse(&imported.files["flow.json"]).unwrap();
    Definition::load(dir.path()).unwrap_or_else(|problems| panic!("{problems:?}\n{}", imported.files["bot.yaml"]))
}

fn there_and_back(source: &Source) -> Imported {
    let (drawn, _) = classic::draw(source);
    let text = cfn::write(&template(&drawn));
    let imported = import::import(&files(&[("template.yaml", text)]), &Options::default()).unwrap();
    assert_eq!(bot(&imported), source.document, "{}", imported.files["bot.yaml"]);
    imported
}

#[test]
fn every_example_comes_back_as_it_was() {
    for name in EXAMPLES {
        whole(&there_and_back(&example(name)));
    }
}

#[test]
fn what_a_resource_has_no_word_for_comes_back_too() {
    let lambda = "arn:aws:lambda:us-east-1:111122223333:function:x";
    for changes in [
        // Bedrock's own default, said.
        vec![(
            "  agentName: librarian",
            "  agentName: librarian\n  idleSessionTTLInSeconds: 600\n  foundationModel: us.amazon.nova-lite-v1:0",
        )],
        vec![(
            "description: 'Opening hours, library card, loans, printing and donations'}",
            "description: hours, retrievalConfiguration: {vectorSearchConfiguration: {numberOfResults: 3}}}",
        )],
        vec![(
            "    - actionGroupName: Catalogue\n",
            "    - actionGroupName: Catalogue\n      actionGroupExecutor: {lambda: 'NAME'}\n",
        )],
        vec![(
            "    - actionGroupName: Catalogue\n",
            "    - actionGroupName: Catalogue\n      description: '${A} and {{x}}: yes'\n",
        )],
        vec![("findBook: {mcp: {server: library, idempotent: true}}", "findBook: {lambda: {function: f}}")],
        vec![("languages: [es, en]", "languages: [es, en] # said\nmodels: [{bedrock: {modelId: a.b}}, offline]")],
        vec![(
            "  agentName: librarian",
            "  agentName: librarian\n  guardrailConfiguration: {guardrailIdentifier: abc, guardrailVersion: '1'}\n  promptOverrideConfiguration: {promptConfigurations: [{promptType: ORCHESTRATION, promptCreationMode: OVERRIDDEN, basePromptTemplate: 'Be kind. $instruction$'}, {promptType: PRE_PROCESSING, promptState: DISABLED}]}",
        )],
    ] {
        let changes: Vec<(&str, String)> =
            changes.into_iter().map(|(old, new)| (old, new.replace("NAME", lambda))).collect();
        let changes: Vec<(&str, &str)> = changes.iter().map(|(old, new)| (*old, new.as_str())).collect();
        there_and_back(&changed("biblioteca", &changes));
    }
    // An order of its own.
    let order = "    - collaboratorName: people
      collaboratorInstruction: Transfers to a person, also for cancelling the contract.
      relayConversationHistory: TO_COLLABORATOR
";
    let first = format!("  collaboratorConfigurations:\n{order}");
    there_and_back(&changed("operadora", &[(order, ""), ("  collaboratorConfigurations:\n", &first)]));
}

#[test]
fn an_api_schema_in_a_file_comes_back_as_a_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("api")).unwrap();
    let schema = "openapi: 3.0.0\ninfo: {title: t, version: '1'}\npaths:\n  /x:\n    get:\n      operationId: getX\n      description: Gets it\n      responses: {'200': {description: ok}}\n";
    fs::write(dir.path().join("api/x.yaml"), schema).unwrap();
    let text = "
name: b
languages: [en]
agent:
  agentName: b
  instruction: You do what the customer asks for, with the function you have.
  actionGroups:
    - {actionGroupName: X, apiSchema: {file: api/x.yaml}}
    - actionGroupName: H
      actionGroupExecutor: {customControl: RETURN_CONTROL}
      functionSchema: {functions: [{name: escalate}]}
tools: {X: {getX: {http: {url: 'https://x.example'}}}}
conversation: {texts: {greeting: {en: a}, handoff: {en: a}, stillWorking: {en: a}, failure: {en: a}, failureHandoff: {en: a}, unsupported: {en: a}}}
";
    fs::write(dir.path().join("bot.yaml"), text).unwrap();
    let source = Source::load(dir.path()).unwrap();
    let drawn = classic::resources(&source).unwrap();
    let group = &drawn.resources["BAgent"]["Properties"]["ActionGroups"][0];
    assert_eq!(
        group,
        &json!({"ActionGroupName": "X", "ActionGroupExecutor": {"CustomControl": "RETURN_CONTROL"}, "ApiSchema": {"Payload": schema}})
    );
    let imported = there_and_back(&source);
    assert_eq!(imported.files["api/x.yaml"], schema);
    whole(&imported);
}

#[test]
fn what_a_template_does_not_have_begins_empty_and_is_said() {
    let imported = there_and_back(&example("envios"));
    assert_eq!(
        imported.files["data/orders.csv"],
        "order_number,identity_document_number,status,delivery_date,shipping_address\n"
    );
    assert!(
        notes(&imported).contains("tables.orders: data/orders.csv: the rows are not in the template"),
        "{}",
        notes(&imported)
    );
    let imported = there_and_back(&example("biblioteca"));
    assert_eq!(imported.folders, ["knowledge/es", "knowledge/en"]);
    assert!(notes(&imported).contains("mcpServers.library"), "{}", notes(&imported));
}

#[test]
fn the_flow_of_a_stack_comes_back_with_names_that_stand_for_its_own() {
    let (drawn, _) = classic::draw(&example("envios"));
    let mut whole_template = template(&drawn);
    let content = r#"{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"x": "${!kept}"}, "Actions": [
      {"Identifier": "a", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "${StartBot.Arn}", "InvocationTimeLimitSeconds": "8"},
       "Transitions": {"NextAction": "q", "Errors": [{"NextAction": "q", "ErrorType": "NoMatchingError"}]}},
      {"Identifier": "q", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:${AWS::Partition}:connect:${AWS::Region}:${AWS::AccountId}:instance/${instanceId}/queue/${queueId}"},
       "Transitions": {"NextAction": "e", "Errors": [{"NextAction": "e", "ErrorType": "NoMatchingError"}]}},
      {"Identifier": "e", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}"#;
    whole_template["Resources"]["Flow"] =
        json!({"Type": "AWS::Connect::ContactFlow", "Properties": {"Content": {"Fn::Sub": content}}});
    let imported = import::import(&files(&[("t.json", whole_template.to_string())]), &Options::default()).unwrap();
    let flow = &imported.files["flow.json"];
    let parsed = Flow::parse(flow).unwrap();
    assert_eq!(parsed.functions().next(), Some("arn:aws:lambda:us-east-1:123456789012:function:start-bot"));
    assert!(parsed.queues().next().unwrap().starts_with("arn:aws:connect:us-east-1:123456789012:instance/0000"));
    assert!(flow.contains("${kept}"));
}

#[test]
fn a_template_may_carry_the_whole_definition_without_agents() {
    for name in EXAMPLES {
        let document = example(name).document;
        let template = json!({"Metadata": {"Relevo": document}, "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}});
        let text = cfn::write(&template);
        let imported = import::import(&files(&[("template.yaml", text)]), &Options::default()).unwrap();
        assert_eq!(bot(&imported), document);
        whole(&imported);
    }
}
