//! Prompts of a definition's own: templates with Bedrock's variables, and another model for a prompt.

use relevo_agents::{
    definition::Definition,
    run::{Input, Team},
};
use serde_json::Value;

use crate::support::{Chat, End, Script, text, to, yaml};

const OWN: &str = r#"
  promptOverrideConfiguration:
    promptConfigurations:
      - promptType: ROUTING_CLASSIFIER
        promptCreationMode: OVERRIDDEN
        foundationModel: small
        basePromptTemplate: "Whom? $reachable_agents$ For: $last_user_request$ Last: $last_most_specialized_agent$"
      - promptType: ORCHESTRATION
        promptCreationMode: OVERRIDDEN
        basePromptTemplate: '{"system": "$instruction$ Team: $agent_collaborators$ Known: $prompt_session_attributes$ [$question$]", "messages": []}'
"#;

fn chat() -> Chat {
    let text = yaml("SUPERVISOR_ROUTER").replacen(
        "  agentCollaboration:",
        &format!("{}  foundationModel: big\n  agentCollaboration:", &OWN[1..]),
        1,
    );
    let definition: Definition<Value> = Definition::parse(&text, "bot.yaml").unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    Chat::with(Team::new(&definition.agent))
}

#[test]
fn a_routers_prompts_are_the_definitions() {
    let mut chat = chat();
    let mut script = Script::default();
    script.then("front", to("orders")).then("orders", text("A"));
    assert_eq!(chat.say("¿y mi pedido?", &mut script), End::Done("A".into()));
    let routing = &chat.requests[0];
    assert!(routing.system.starts_with("Whom? - orders: When the customer"), "{}", routing.system);
    assert!(routing.system.ends_with("For: ¿y mi pedido? Last: "), "{}", routing.system);
    assert_eq!(routing.model_id.as_deref(), Some("small"));
    assert!(chat.requests[1].system.contains("You look up orders") && chat.requests[1].system.contains("How you work"));

    script.then("front", relevo_agents::model::Outcome::Route(relevo_agents::model::Route::Undecidable));
    script.then("front", text("B"));
    let attributes = [("plan".to_owned(), "gold".to_owned())].into();
    chat.with_run(|run, _| {
        run.start(Input { text: "hola".into(), prompt_session_attributes: attributes, ..Input::default() });
    });
    assert_eq!(chat.go_on(&mut script), End::Done("B".into()));
    let [.., routing, own] = &chat.requests[..] else { panic!() };
    assert!(routing.system.ends_with("Last: orders"), "{}", routing.system);
    assert!(own.system.starts_with("You are the first line"), "{}", own.system);
    assert!(
        own.system.contains("- tickets: To open a ticket") && own.system.ends_with("Known: - plan: gold []"),
        "{}",
        own.system
    );
    assert_eq!(own.model_id.as_deref(), Some("big"));
}
