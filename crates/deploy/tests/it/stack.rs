//! What a template deploys, read for running it here.

use std::collections::BTreeMap;

use relevo_connect::{flow::Flow, stream::FilterPolicy};
use relevo_deploy::{
    cfn,
    stack::{self, By},
};

const OWN: &str = include_str!("../../../../deploy/template.yaml");

/// Written by somebody else: the topic invokes the function, and the flow stands in the stack.
const FOREIGN: &str = r#"
Parameters:
  ConnectInstanceArn: {Type: String}
  ConnectQueueArn: {Type: String}
  Stage: {Type: String, Default: dev}
Mappings:
  Stages:
    dev: {Timeout: 30}
    prod: {Timeout: 120}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
Resources:
  ChatTopic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Sub "chat-${Stage}"}
  JoinFn:
    Type: AWS::Lambda::Function
    Properties:
      Handler: bootstrap
      FunctionName: !Join ['-', [!Ref Stage, join]]
      Environment: {Variables: {INSTANCE_ID: !Ref ConnectInstanceArn, TOPIC_ARN: !Ref ChatTopic}}
  TalkFn:
    Type: AWS::Lambda::Function
    Properties:
      Handler: bootstrap
      Timeout: !FindInMap [Stages, !Ref Stage, Timeout]
      MemorySize: 512
      Environment:
        Variables:
          ONLY_PROD: !If [Prod, 'yes', !Ref AWS::NoValue]
          RELEVO_LOG: debug
  Mail:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref ChatTopic, Protocol: email, Endpoint: a@b.example}
  TalkSubscription:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref ChatTopic
      Protocol: lambda
      Endpoint: !GetAtt TalkFn.Arn
      FilterPolicy: {ParticipantRole: [CUSTOMER], MessageVisibility: [CUSTOMER, ALL]}
  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {Threshold: 1}}
  TheFlow:
    Type: AWS::Connect::ContactFlow
    Properties:
      InstanceArn: !Ref ConnectInstanceArn
      Type: CONTACT_FLOW
      Content: !Sub |
        {"Version": "2019-10-30", "StartAction": "call", "Actions": [
          {"Identifier": "call", "Type": "InvokeLambdaFunction",
           "Parameters": {"LambdaFunctionARN": "${JoinFn.Arn}", "InvocationTimeLimitSeconds": "8"},
           "Transitions": {"NextAction": "queue", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
          {"Identifier": "queue", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "${ConnectQueueArn}"},
           "Transitions": {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}},
          {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}]}
"#;

fn read(text: &str, given: &[(&str, &str)]) -> Result<stack::Stack, Vec<String>> {
    let given: BTreeMap<String, String> = given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    stack::read(text, "t.yaml", &given).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn the_templates_own_bot_is_read_in_every_mode() {
    let queue = read(OWN, &[]).unwrap();
    assert_eq!(queue.delivery.by, By::Queue { raw: true });
    assert_eq!((queue.chat_bot.resource.as_str(), queue.start_bot.resource.as_str()), ("ChatBot", "StartBot"));
    assert_eq!(
        (queue.chat_bot.timeout_seconds, queue.start_bot.timeout_seconds, queue.chat_bot.memory_mb),
        (180, 15, 256)
    );
    assert!(!queue.chat_bot.variables.contains_key("AGENT_ID"), "{:?}", queue.chat_bot.variables);
    assert_eq!(queue.chat_bot.variables["TOPIC_ARN"], "arn:aws:sns:us-east-1:123456789012:relevo-Messages");
    FilterPolicy::parse(queue.delivery.filter.as_deref().unwrap()).unwrap();
    let flow = Flow::parse(&queue.flow.unwrap().content).unwrap();
    assert!(flow.functions().all(|arn| arn.starts_with("arn:aws:lambda:us-east-1:123456789012:function:")));
    assert!(flow.queues().next().unwrap().ends_with("/queue/00000000-0000-4000-8000-000000000010"));
    let said = queue.notes.join("\n");
    assert!(said.contains("encryption") && said.contains("dead letters") && said.contains("alarms"), "{said}");

    let agent = [("agentBackend", "bedrock-agent"), ("agentId", "ABCDEFGHIJ"), ("agentAliasId", "TSTALIASID")];
    let given = [agent.as_slice(), &[("delivery", "topic"), ("turnSeconds", "60")]].concat();
    let topic = read(OWN, &given).unwrap();
    assert_eq!((topic.delivery.by, topic.chat_bot.timeout_seconds), (By::Topic, 60));
    assert_eq!(topic.chat_bot.variables["AGENT_ID"], "ABCDEFGHIJ");
    let classic = read(OWN, &[("agentBackend", "bedrock-classic")]).unwrap();
    assert_eq!(classic.chat_bot.variables["AGENT_ID"].len(), 10);
}

#[test]
fn somebody_elses_template_is_read_in_every_spelling() {
    let yaml = read(FOREIGN, &[]).unwrap();
    assert_eq!((yaml.delivery.by, yaml.delivery.resource.as_str()), (By::Topic, "TalkSubscription"));
    assert_eq!((yaml.start_bot.resource.as_str(), yaml.chat_bot.resource.as_str()), ("JoinFn", "TalkFn"));
    assert_eq!((yaml.start_bot.timeout_seconds, yaml.start_bot.memory_mb), (3, 128), "Lambda's own defaults");
    assert_eq!((yaml.chat_bot.timeout_seconds, yaml.chat_bot.memory_mb), (30, 512));
    assert_eq!(yaml.start_bot.variables["TOPIC_ARN"], "arn:aws:sns:us-east-1:123456789012:chat-dev");
    assert_eq!(yaml.chat_bot.variables.keys().collect::<Vec<_>>(), ["RELEVO_LOG"]);
    assert!(yaml.flow.as_ref().unwrap().content.contains("function:dev-join"));

    let value = cfn::read(FOREIGN, "t.yaml").unwrap();
    for same in [serde_json::to_string_pretty(&value).unwrap(), cfn::write(&value)] {
        let other = read(&same, &[]).unwrap();
        assert_eq!((&other.chat_bot, &other.start_bot), (&yaml.chat_bot, &yaml.start_bot));
        assert_eq!(other.delivery.filter, yaml.delivery.filter);
    }
    let arn = "arn:aws:connect:eu-west-2:210987654321:instance/aaaa-1/queue/bbbb-2";
    let prod = read(FOREIGN, &[("Stage", "prod"), ("ConnectQueueArn", arn)]).unwrap();
    assert_eq!(prod.chat_bot.timeout_seconds, 120);
    assert_eq!(prod.chat_bot.variables["ONLY_PROD"], "yes");
    assert!(prod.flow.unwrap().content.contains(arn));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let line_of = |text: &str| 1 + FOREIGN.lines().position(|line| line.contains(text)).unwrap();
    for (from, to, given, line, says) in [
        (
            "MemorySize: 512",
            "MemorySize: lots",
            None,
            line_of("MemorySize"),
            "TalkFn.MemorySize takes a number from 128 to 10240, not `lots`",
        ),
        (
            "RELEVO_LOG: debug",
            "RELEVO_LOG: !Ref Nobody",
            None,
            line_of("RELEVO_LOG"),
            "there is no parameter and no resource `Nobody`",
        ),
        (
            "RELEVO_LOG: debug",
            "RELEVO_LOG: !ImportValue x",
            None,
            line_of("RELEVO_LOG"),
            "Fn::ImportValue is worked out by AWS alone",
        ),
        (
            "Default: dev",
            "MinLength: 1",
            None,
            line_of("Content:"),
            "the parameter Stage has no default; give it with --parameters Stage=VALUE",
        ),
        (
            "Protocol: lambda",
            "Protocol: https",
            None,
            line_of("Resources:"),
            "no subscription of a topic leads to a function",
        ),
        (
            "FilterPolicy:",
            "FilterPolicyScope: MessageBody\n      FilterPolicy:",
            None,
            line_of("FilterPolicy:") + 1,
            "MessageBody",
        ),
        (
            "dev: {",
            "dev: {",
            Some(("Stag", "x")),
            line_of("Parameters:"),
            "the template has no parameter `Stag` (did you mean `Stage`?)",
        ),
        ("[!Ref Stage, prod]", "[!Condition Prod, x]", None, line_of("ONLY_PROD"), "hang on themselves"),
    ] {
        let given: Vec<(&str, &str)> = given.into_iter().collect();
        let said = read(&FOREIGN.replace(from, to), &given).unwrap_err().join("\n");
        assert!(said.contains(says) && said.starts_with(&format!("t.yaml:{line}:")), "{line} {said}");
    }
    assert!(read("a: 1", &[]).unwrap_err().join("").contains("no CloudFormation template"));
}
