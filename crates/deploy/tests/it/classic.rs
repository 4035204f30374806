//! Agents as Bedrock's: every example, and what is in the way.

use std::{fs, path::PathBuf};

use relevo_deploy::{
    cfn,
    classic::{self, Obstacle, Resources, Source},
};
use serde_json::{Value, json};

pub(crate) const EXAMPLES: [&str; 4] = ["envios", "operadora", "vuelos", "biblioteca"];

pub(crate) fn example(name: &str) -> Source {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    Source::load(&dir).unwrap()
}

/// A bot of the example with its text changed.
pub(crate) fn changed(name: &str, changes: &[(&str, &str)]) -> Source {
    let from = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let dir = tempfile::tempdir().unwrap();
    let mut text = fs::read_to_string(from.join("bot.yaml")).unwrap();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    fs::write(dir.path().join("bot.yaml"), text).unwrap();
    for below in ["data", "knowledge/es", "knowledge/en"] {
        for file in fs::read_dir(from.join(below)).into_iter().flatten().flatten() {
            fs::create_dir_all(dir.path().join(below)).unwrap();
            fs::copy(file.path(), dir.path().join(below).join(file.file_name())).unwrap();
        }
    }
    Source::load(dir.path()).unwrap()
}

fn description(resources: &Resources, alias: &str) -> String {
    resources.resources[alias]["Properties"]["Description"].to_string()
}

/// A whole template, as a stack has it.
pub(crate) fn template(drawn: &Resources) -> Value {
    let mut conditions = json!({"Classic": {"Fn::Equals": [{"Ref": "agentBackend"}, "bedrock-classic"]}});
    conditions.as_object_mut().unwrap().extend(drawn.conditions.clone());
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {
            "agentBackend": {"Type": "String", "Default": "bedrock-classic"},
            "modelId": {"Type": "String", "Default": "global.anthropic.claude-haiku-4-5-20251001-v1:0"},
            "modelArnPattern": {"Type": "String", "Default": "anthropic.claude-haiku-4-5-20251001-v1:0"},
        },
        "Conditions": conditions,
        "Resources": drawn.resources,
        "Outputs": {"Alias": {"Condition": "Classic", "Value": {"Fn::GetAtt": [drawn.alias, "AgentAliasId"]}}},
    })
}

#[test]
fn examples_without_folders_of_knowledge_can_be_bedrocks() {
    for name in EXAMPLES {
        let drawn = classic::resources(&example(name));
        assert_eq!(drawn.is_ok(), name != "biblioteca", "{name}: {drawn:?}");
    }
    let obstacles = classic::resources(&example("biblioteca")).unwrap_err();
    let said: Vec<String> = obstacles.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].starts_with("agent `librarian`, knowledgeBases.NORMAS: it is the folder knowledge/es"), "{said:?}");
}

/// With `RELEVO_TEMPLATES` the templates are left in that folder, for linters.
#[test]
fn templates_are_whole() {
    for name in EXAMPLES {
        let (drawn, _) = classic::draw(&example(name));
        let whole = template(&drawn);
        let text = cfn::write(&whole);
        assert_eq!(cfn::read(&text, name).as_ref(), Ok(&whole));
        if let Ok(dir) = std::env::var("RELEVO_TEMPLATES") {
            fs::write(PathBuf::from(dir).join(format!("{name}.yaml")), text).unwrap();
        }
        let agent = &drawn.resources[&drawn.supervisor];
        assert_eq!(agent["Metadata"]["Relevo"]["name"], json!(name));
        assert!(agent["Metadata"]["Relevo"]["conversation"]["texts"].is_object());
        assert_eq!(
            drawn.resources[&drawn.alias]["Properties"]["AgentId"],
            json!({"Fn::GetAtt": [drawn.supervisor, "AgentId"]})
        );
        // Whatever is referred to stands before.
        let mut known: Vec<&str> = vec!["modelId", "modelArnPattern"];
        for (id, resource) in &drawn.resources {
            assert!(resource["Condition"].is_string(), "{id}");
            for referred in references(&resource["Properties"]) {
                assert!(
                    known.contains(&referred.as_str()) || referred.starts_with("AWS::"),
                    "{name}: {id} refers to {referred}"
                );
            }
            known.push(id);
        }
    }
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.get("Ref").or_else(|| map.get("Fn::GetAtt").and_then(|it| it.get(0))).and_then(Value::as_str);
            own.map(str::to_owned).into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a_change_of_an_agent_changes_its_alias_and_those_above_it() {
    let before = classic::resources(&example("vuelos")).unwrap();
    let changes = [("You add bags to a booking.", "You add bags and boxes to a booking.")];
    let after = classic::resources(&changed("vuelos", &changes)).unwrap();
    let moved: Vec<&str> =
        ["BaggageAgentAlias", "TripAgentAlias", "ConciergeAgentAlias", "SeatsAgentAlias", "ColleagueAgentAlias"]
            .into_iter()
            .filter(|alias| description(&before, alias) != description(&after, alias))
            .collect();
    assert_eq!(moved, ["BaggageAgentAlias", "TripAgentAlias", "ConciergeAgentAlias"]);
    let words = [("greeting:\n      en: Hello, this is", "greeting:\n      en: Hi, this is")];
    let same = classic::resources(&changed("vuelos", &words)).unwrap();
    assert_eq!(description(&before, "ConciergeAgentAlias"), description(&same, "ConciergeAgentAlias"));
}

#[test]
fn supervisors_have_roles_of_their_own() {
    let drawn = classic::resources(&example("vuelos")).unwrap();
    let role = |agent: &str| drawn.resources[agent]["Properties"]["AgentResourceRoleArn"]["Fn::GetAtt"][0].clone();
    assert_eq!(role("SeatsAgent"), role("ColleagueAgent"));
    assert_eq!([role("TripAgent"), role("ConciergeAgent")], [json!("TripAgentRole"), json!("ConciergeAgentRole")]);
    let asks = |role: &str| {
        let statements = drawn.resources[role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
            .as_array()
            .unwrap()
            .clone();
        let asks = statements.into_iter().find(|it| it["Action"].to_string().contains("InvokeAgent"));
        asks.map(|it| it["Resource"].to_string())
    };
    assert!(asks("ConciergeAgentRole").unwrap().contains("TripAgentAlias"));
    assert!(!asks("ConciergeAgentRole").unwrap().contains("SeatsAgentAlias"));
    assert_eq!(asks("CollaboratorAgentsRole"), None);
}

#[test]
fn lambda_functions_execute_what_is_theirs_alone() {
    let arn = "arn:aws:lambda:us-east-1:111122223333:function:orders:live";
    let tool = "    getOrderStatus:\n      lookup:\n        table: orders\n        match: {order_number: order_number, identity_document_number: identity_document_number}\n        return: [order_number, status, delivery_date, shipping_address]\n";
    let source = changed("envios", &[(tool, &format!("    '*': {{lambda: {{function: '{arn}'}}}}\n"))]);
    let drawn = classic::resources(&source).unwrap();
    let executor = |agent: &str| drawn.resources[agent]["Properties"]["ActionGroups"][0]["ActionGroupExecutor"].clone();
    assert_eq!(executor("OrdersAgent"), json!({"Lambda": arn}));
    assert_eq!(executor("TicketsAgent"), json!({"CustomControl": "RETURN_CONTROL"}));
    let permission = &drawn.resources["OrdersLiveForOrdersAgent"];
    assert_eq!(permission["Properties"]["SourceArn"], json!({"Fn::GetAtt": ["OrdersAgent", "AgentArn"]}));
    let condition = drawn.conditions[permission["Condition"].as_str().unwrap()].to_string();
    assert!(condition.contains("111122223333") && condition.contains("us-east-1"), "{condition}");
    assert!(drawn.notes.iter().any(|note| note.contains("add-permission")), "{:?}", drawn.notes);
    let named = changed("envios", &[(tool, "    getOrderStatus: {lambda: {function: orders}}\n")]);
    let drawn = classic::resources(&named).unwrap();
    assert_eq!(drawn.resources["OrdersForOrdersAgent"]["Condition"], json!("Classic"));
    assert!(drawn.conditions.is_empty() && drawn.notes.is_empty());
}

#[test]
fn a_guardrail_becomes_bedrocks_with_a_version() {
    let guardrail = "
guardrail:
  blockedInputMessaging: {es: No puedo ayudar con eso., en: I cannot help with that.}
  topicPolicyConfig: {topicsConfig: [{name: Politics, definition: Parties and elections, examples: [who do you vote for]}]}
  sensitiveInformationPolicyConfig: {piiEntitiesConfig: [{type: EMAIL, action: ANONYMIZE}]}
  contentPolicyConfig: {filtersConfig: [{type: PROMPT_ATTACK}]}

offline:";
    let source = changed("envios", &[("\noffline:", guardrail)]);
    let drawn = classic::resources(&source).unwrap();
    let properties = &drawn.resources["AgentsGuardrail"]["Properties"];
    assert_eq!(properties["BlockedInputMessaging"], json!("No puedo ayudar con eso."));
    assert_eq!(properties["TopicPolicyConfig"]["TopicsConfig"][0]["Type"], json!("DENY"));
    assert_eq!(
        properties["ContentPolicyConfig"]["FiltersConfig"][0],
        json!({"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"})
    );
    for agent in ["EnviosAgent", "OrdersAgent", "TicketsAgent", "EscalationAgent"] {
        let own = &drawn.resources[agent]["Properties"]["GuardrailConfiguration"];
        assert_eq!(own["GuardrailVersion"], json!({"Fn::GetAtt": ["AgentsGuardrailVersion", "Version"]}), "{agent}");
    }
    assert!(drawn.resources["EnviosAgentRole"].to_string().contains("bedrock:ApplyGuardrail"));
    let other = changed("envios", &[("\noffline:", &guardrail.replace("EMAIL", "PHONE"))]);
    let other = classic::resources(&other).unwrap();
    let version = |drawn: &Resources| drawn.resources["AgentsGuardrailVersion"]["Properties"]["Description"].clone();
    assert_ne!(version(&drawn), version(&other));
    assert_ne!(description(&drawn, "OrdersAgentAlias"), description(&other, "OrdersAgentAlias"));
    if let Ok(dir) = std::env::var("RELEVO_TEMPLATES") {
        fs::write(PathBuf::from(dir).join("guardrail.yaml"), cfn::write(&template(&drawn))).unwrap();
    }
}

#[test]
fn what_bedrock_would_refuse_is_said() {
    let obstacle = |name: &str, changes: &[(&str, &str)]| -> Vec<Obstacle> {
        classic::resources(&changed(name, changes)).expect_err("nothing is in the way")
    };
    let parameters = "                  ticket_number:
                    type: string
                    description: The ticket's number, when there is one.
";
    let more = format!("{parameters}                  a: {{type: string}}\n                  b: {{type: string}}\n");
    let found = obstacle("envios", &[(parameters, &more)]);
    assert_eq!(
        found[0].to_string(),
        "agent `escalation`, actionGroups.Escalation.escalate: it has 6 parameters; Bedrock takes 5 (a quota, which AWS raises on request)"
    );
    let found = obstacle("biblioteca", &[("NORMAS: {folder: knowledge/es, language: es}", "NORMAS: {bedrock: true}")]);
    assert!(
        found.iter().any(|it| it.field == "knowledgeBases.NORMAS" && it.message.contains("10 letters")),
        "{found:?}"
    );
    let rut = "\nguardrail: {sensitiveInformationPolicyConfig: {piiEntitiesConfig: [{type: CL_RUT, action: BLOCK}]}}\noffline:";
    let found = obstacle("envios", &[("\noffline:", rut)]);
    assert!(found[0].message.contains("CL_RUT") && found[0].message.contains("regexesConfig"), "{found:?}");
    let found = obstacle("envios", &[("You look up orders.", "You look up orders {{resolve:ssm:x}}.")]);
    assert!(found[0].field == "OrdersAgent" && found[0].message.contains("{{resolve:"), "{found:?}");
    let found = obstacle("vuelos", &[("  bookings: {key", "  Ref: {key: x}\n  bookings: {key")]);
    assert!(found[0].message.contains("`Ref` is a function"), "{found:?}");
    let function = "lookup:\n        table: orders\n        match: {order_number: order_number, identity_document_number: identity_document_number}\n        return: [order_number, status, delivery_date, shipping_address]\n";
    let found = obstacle("envios", &[(function, "lambda: {function: 'arn:aws:s3:::x'}\n")]);
    assert!(found[0].message.contains("neither the name nor the ARN"), "{found:?}");
}
