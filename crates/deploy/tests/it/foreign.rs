//! Teams of others: what becomes of what a definition has no place for, and that nothing given breaks it.

use proptest::{prelude::*, sample::Index};
use relevo_agents::definition::Definition;
use relevo_bot::Policy;
use relevo_deploy::import::{self, File, ImportError, Imported, Options};
use serde_json::{Value, json};

const STACK: &str = include_str!("../fixtures/stack/Gas.template.json");
const GROUPS: &str = include_str!("../fixtures/groups/agent_action_group_averias_data.json");
const ANSWERS: [&str; 3] = [
    include_str!("../fixtures/answers/get-agent-SUPERVISR1.json"),
    include_str!("../fixtures/answers/get-agent-AVERIAS001.json"),
    include_str!("../fixtures/answers/list-agent-collaborators.json"),
];
const INSTRUCTION: &str = "You do what customers ask for, with the functions that you have.";

fn of(texts: &[&str], options: &Options) -> Result<Imported, ImportError> {
    let file =
        |(index, text): (usize, &&str)| File { name: format!("f{index}"), text: (*text).into(), asked_for: true };
    import::import(&texts.iter().enumerate().map(file).collect::<Vec<_>>(), options)
}

fn imported(template: &str) -> (Value, Vec<String>) {
    let imported = of(&[template], &Options::default()).unwrap();
    let text = &imported.files["bot.yaml"];
    let bot =
        Definition::<Policy>::document(text, "bot.yaml").unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    (bot, imported.notes.iter().map(ToString::to_string).collect())
}

/// All problems of the definition, for which no file is needed.
fn problems(bot: &Value) -> Vec<String> {
    match Definition::<Policy>::parse(&bot.to_string(), "bot.yaml") {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn says(notes: &[String], said: &str) {
    assert!(notes.iter().any(|note| note.contains(said)), "{said}\n{notes:#?}");
}

fn functions(name: &str) -> String {
    format!("FunctionSchema: {{Functions: [{{Name: {name}, Description: does {name}}}]}}")
}

fn agent(id: &str, more: &str) -> String {
    format!(
        "  {id}:\n    Type: AWS::Bedrock::Agent\n    Properties:\n      AgentName: {}\n      Instruction: {INSTRUCTION}\n{more}",
        id.to_lowercase()
    )
}

fn link(agent: &str, name: &str) -> String {
    format!(
        "        - {{AgentDescriptor: {{AliasArn: !GetAtt {agent}Alias.AgentAliasArn}}, CollaboratorName: {name}, CollaborationInstruction: for {name}}}\n"
    )
}

fn alias(agent: &str) -> String {
    format!(
        "  {agent}Alias: {{Type: AWS::Bedrock::AgentAlias, Properties: {{AgentAliasName: a, AgentId: !Ref {agent}}}}}\n"
    )
}

#[test]
fn a_collaborator_of_two_supervisors_stands_twice_and_a_circle_is_cut() {
    let leads = |links: &str| format!("      AgentCollaboration: SUPERVISOR\n      AgentCollaborators:\n{links}");
    let template = "Resources:\n".to_owned()
        + &agent("Top", &leads(&(link("Middle", "middle") + &link("Leaf", "leaf"))))
        + &agent("Middle", &leads(&(link("Leaf", "leaf") + &link("Middle", "itself"))))
        + &agent(
            "Leaf",
            &format!(
                "      ActionGroups: [{{ActionGroupName: G, ActionGroupExecutor: {{CustomControl: RETURN_CONTROL}}, {}}}]\n",
                functions("handover")
            ),
        )
        + &alias("Middle")
        + &alias("Leaf");
    let (bot, notes) = imported(&template);
    let below = &bot["agent"]["collaborators"];
    assert_eq!(below[0]["agentName"], "middle");
    assert_eq!(below[0]["collaborators"][0]["agentName"], "leaf");
    assert_eq!(below[1]["agentName"], "leaf-2");
    assert_eq!(bot["agent"]["collaboratorConfigurations"][1]["collaboratorName"], "leaf-2");
    says(&notes, "agent Middle: collaborator itself: it is one of its own supervisors");
    says(&notes, "the second is `leaf-2` here");
    assert_eq!(problems(&bot), [""; 0]);
    let named = "Parameters: {Stage: {Type: String, Default: test}}\nResources:\n".to_owned()
        + &agent("Top", "").replace("AgentName: top", "AgentName: !Sub '${AWS::StackName}-support-${Stage}'");
    assert_eq!(imported(&named).0["name"], "support-test");
    let two = "Resources:\n".to_owned() + &agent("A", "") + &agent("B", "");
    assert_eq!(of(&[&two], &Options::default()), Err(ImportError::SeveralAtTheTop("a, b".into())));
    let options = Options { agent: Some("b".into()), languages: vec!["en".into(), "xx".into()] };
    let one = of(&[&two], &options).unwrap();
    assert!(one.files["bot.yaml"].contains("name: b\nlanguages:\n  - en\n  - xx\n"), "{}", one.files["bot.yaml"]);
}

#[test]
fn executors_are_kept_as_exactly_as_they_are_known() {
    let group = |name: &str, executor: &str, function: &str| {
        format!("        - {{ActionGroupName: {name}, {executor}{}}}\n", functions(function))
    };
    let lambda = |arn: &str| format!("ActionGroupExecutor: {{Lambda: {arn}}}, ");
    let template = "
Parameters: {Stage: {Type: String, Default: test}}
Resources:
  Named: {Type: AWS::Lambda::Function, Properties: {FunctionName: orders-fn}}
"
    .to_owned()
        + &agent(
            "Top",
            &("      ActionGroups:\n".to_owned()
                + &group("Own", &lambda("!GetAtt Named.Arn"), "own")
                + &group(
                    "Joined",
                    &lambda(
                        "!Join ['', ['arn:aws:lambda:', !Ref AWS::Region, ':', !Ref AWS::AccountId, ':function:joined-', !Ref Stage]]",
                    ),
                    "joined",
                )
                + &group(
                    "Substituted",
                    &lambda("!Sub 'arn:aws:lambda:us-east-1:111122223333:function:sub-${Stage}'"),
                    "substituted",
                )
                + &group("Nobody", "", "nobody")
                + &group("Back", "ActionGroupExecutor: {CustomControl: RETURN_CONTROL}, ", "refund")
                + "        - {ActionGroupName: Unused, ActionGroupState: DISABLED}\n"
                + "        - {ActionGroupName: Api, ActionGroupExecutor: {CustomControl: RETURN_CONTROL}, ApiSchema: {S3: {S3BucketName: b, S3ObjectKey: k}}}\n"
                + "        - {ActionGroupName: Desk, ActionGroupExecutor: {CustomControl: RETURN_CONTROL}, FunctionSchema: {Functions: [{Name: help, Description: Transfers to a human agent}]}}\n"),
        );
    let (bot, notes) = imported(&template);
    let function = |group: &str| bot["tools"][group]["*"]["lambda"]["function"].clone();
    assert_eq!(function("Own"), "orders-fn");
    assert_eq!(function("Joined"), "joined-test");
    assert_eq!(function("Substituted"), "arn:aws:lambda:us-east-1:111122223333:function:sub-test");
    assert_eq!(bot["conversation"]["handoff"]["functions"], json!(["help"]));
    says(&notes, "action group Nobody: nothing says who executes it");
    says(&notes, "action group Unused: it is disabled");
    says(&notes, "it lies at s3://b/k");
    says(&notes, "function refund: it returns control and is no hand-off");
    assert_eq!(problems(&bot), [""; 0]);
    // Two of one name and two functions: each keeps its own.
    let own = |function: &str| {
        let arn = format!("arn:aws:lambda:us-east-1:111122223333:function:{function}");
        format!("      ActionGroups:\n{}", group("G", &lambda(&arn), function))
    };
    let template = "Resources:\n".to_owned()
        + &agent("Top", &(own("a") + "      AgentCollaborators:\n" + &link("Leaf", "leaf")))
        + &agent("Leaf", &own("b"))
        + &alias("Leaf");
    let (bot, notes) = imported(&template);
    assert_eq!(bot.get("tools"), None);
    assert!(
        bot["agent"]["collaborators"][0]["actionGroups"][0]["actionGroupExecutor"]["lambda"]
            .as_str()
            .unwrap()
            .ends_with(":b")
    );
    says(&notes, "agentCollaboration: it has collaborators and asks none");
    says(&notes, "no function returns control, so none hands over to a person");
    assert_eq!(problems(&bot), [""; 0]);
}

#[test]
fn knowledge_prompts_and_guardrails_are_kept_as_far_as_they_go() {
    let more = "      FoundationModel: !Sub 'arn:aws:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/us.a.b-v1:0'
      IdleSessionTTLInSeconds: 1800
      MemoryConfiguration: {EnabledMemoryTypes: [SESSION_SUMMARY]}
      KnowledgeBases: [{KnowledgeBaseId: KB12345678, Description: Rules}, {KnowledgeBaseId: !Ref Base, Description: Other}]
      GuardrailConfiguration: {GuardrailIdentifier: !GetAtt Guard.GuardrailId, GuardrailVersion: DRAFT}
      PromptOverrideConfiguration:
        OverrideLambda: arn:aws:lambda:us-east-1:111122223333:function:parser
        PromptConfigurations:
          - {PromptType: ORCHESTRATION, PromptCreationMode: OVERRIDDEN, BasePromptTemplate: 'Be kind. $instruction$', InferenceConfiguration: {Temperature: 0}}
          - {PromptType: PRE_PROCESSING, PromptCreationMode: OVERRIDDEN, BasePromptTemplate: x}
          - {PromptType: POST_PROCESSING, PromptCreationMode: DEFAULT}
  Guard:
    Type: AWS::Bedrock::Guardrail
    Properties:
      Name: g
      BlockedInputMessaging: No.
      BlockedOutputsMessaging: Not that.
      TopicPolicyConfig: {TopicsConfig: [{Name: Stocks, Definition: Advice, Examples: [which stock shall I buy], Type: DENY}, {Name: Bare, Definition: x, Type: DENY}]}
      WordPolicyConfig: {WordsConfig: [{Text: darn}], ManagedWordListsConfig: [{Type: PROFANITY}]}
      SensitiveInformationPolicyConfig:
        PiiEntitiesConfig: [{Type: EMAIL, Action: ANONYMIZE}, {Type: NAME, Action: BLOCK}]
        RegexesConfig: [{Name: ok, Pattern: 'A\\d+', Action: BLOCK}, {Name: look, Pattern: '(?=x)y', Action: BLOCK}]
      ContentPolicyConfig: {FiltersConfig: [{Type: PROMPT_ATTACK, InputStrength: HIGH, OutputStrength: NONE}, {Type: HATE, InputStrength: LOW, OutputStrength: LOW}]}
";
    let (bot, notes) = imported(&("Resources:\n".to_owned() + &agent("Top", more)));
    let agent = &bot["agent"];
    assert_eq!((&agent["foundationModel"], &agent["idleSessionTTLInSeconds"]), (&json!("us.a.b-v1:0"), &json!(1800)));
    assert_eq!(bot["knowledgeBases"], json!({"KB12345678": {"bedrock": true}}));
    let prompts = &agent["promptOverrideConfiguration"]["promptConfigurations"];
    assert_eq!(
        prompts,
        &json!([{"promptType": "ORCHESTRATION", "promptCreationMode": "OVERRIDDEN", "basePromptTemplate": "Be kind. $instruction$"}])
    );
    let guardrail = &bot["guardrail"];
    assert_eq!(guardrail["blockedInputMessaging"], json!({"en": "No."}));
    assert_eq!(guardrail["topicPolicyConfig"]["topicsConfig"].as_array().unwrap().len(), 1);
    assert_eq!(
        guardrail["sensitiveInformationPolicyConfig"]["piiEntitiesConfig"],
        json!([{"type": "EMAIL", "action": "ANONYMIZE"}])
    );
    assert_eq!(
        guardrail["contentPolicyConfig"]["filtersConfig"],
        json!([{"type": "PROMPT_ATTACK", "inputStrength": "HIGH"}])
    );
    for said in [
        "memoryConfiguration",
        "knowledge base with an id that is not in the file",
        "overrideLambda",
        "the prompt ORCHESTRATION: inferenceConfiguration",
        "the prompt PRE_PROCESSING: there is no such step",
        "topicsConfig: Bare",
        "piiEntitiesConfig: NAME",
        "regexesConfig: look",
        "filtersConfig: HATE",
        "managedWordListsConfig",
    ] {
        says(&notes, said);
    }
    assert_eq!(problems(&bot), [""; 0]);
}

#[test]
fn what_is_not_enough_is_an_error_that_says_so() {
    let error = |texts: &[&str]| of(texts, &Options::default()).unwrap_err().to_string();
    assert!(error(&["{}"]).contains("no agent and no contact flow in what was given (f0)"));
    assert!(error(&["a: [1"]).starts_with("f0:1:"));
    assert!(error(&["Resources: {A: {Type: AWS::Bedrock::Agent, Properties: !Nope x}}"]).contains("`!Nope`"));
    assert!(error(&["Resources: {A: {Type: AWS::SNS::Topic, Properties: {}}}"]).contains("alone is no bot"));
}

/// A document with something in it taken out, or something else in its place.
fn broken(text: &str, at: &[Index], with: &Value) -> String {
    let mut document: Value = serde_json::from_str(text).unwrap();
    let mut here = &mut document;
    for index in at {
        let next = match here {
            Value::Array(items) if !items.is_empty() => index.index(items.len()).to_string(),
            Value::Object(map) if !map.is_empty() => map.keys().nth(index.index(map.len())).unwrap().clone(),
            _ => break,
        };
        here = match here {
            Value::Array(items) => &mut items[next.parse::<usize>().unwrap()],
            other => &mut other[next.as_str()],
        };
    }
    *here = with.clone();
    document.to_string()
}

fn anything() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!({})),
        Just(json!([])),
        Just(json!(7)),
        Just(json!(true)),
        Just(json!("x__y ${Z} ")),
        Just(json!({"Ref": "Nothing"})),
        Just(json!({"Fn::Sub": "${A}${"})),
        Just(json!({"Fn::GetAtt": ["SupervisorAgent001", "AgentId"]})),
        Just(json!({"Fn::If": ["C"]})),
        "\\PC{0,50}".prop_map(Value::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_given_there_is_a_document_of_the_right_shape_or_an_error(
        which in 0_usize..3, at in proptest::collection::vec(any::<Index>(), 1..10), with in anything()
    ) {
        let result = match which {
            0 => of(&[&broken(STACK, &at, &with)], &Options::default()),
            1 => of(&[&broken(GROUPS, &at, &with)], &Options::default()),
            _ => {
                let one = at.first().map_or(0, |index| index.index(ANSWERS.len()));
                let texts: Vec<String> = ANSWERS.iter().enumerate()
                    .map(|(index, text)| if index == one { broken(text, &at, &with) } else { (*text).to_owned() }).collect();
                of(&texts.iter().map(String::as_str).collect::<Vec<_>>(), &Options::default())
            }
        };
        if let Ok(imported) = result {
            let text = &imported.files["bot.yaml"];
            let read = Definition::<Policy>::document(text, "bot.yaml");
            prop_assert!(read.is_ok(), "{read:?}\n{text}");
        }
    }
}
