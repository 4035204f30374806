//! What a template has and this machine does not do.

use serde_json::Value;

/// Types of resources, and what is not done of them here.
const UNDONE: [(&str, &str); 12] = [
    ("AWS::KMS::Key", "encryption with the stack's key"),
    ("AWS::CloudWatch::Alarm", "alarms"),
    ("AWS::CloudWatch::Dashboard", "the dashboard"),
    ("AWS::CloudWatch::CompositeAlarm", "alarms"),
    ("AWS::Logs::LogGroup", "log groups (the functions' lines come to this terminal)"),
    ("AWS::IAM::Role", "permissions (every call is allowed)"),
    ("AWS::Serverless::Function", "permissions (every call is allowed)"),
    ("AWS::Bedrock::Agent", "agents of Bedrock's own (the bot's folder answers)"),
    ("AWS::WAFv2::WebACL", "the web firewall"),
    ("AWS::Events::Rule", "scheduled and other events"),
    ("AWS::StepFunctions::StateMachine", "state machines"),
    ("AWS::Lambda::ProvisionedConcurrency", "provisioned concurrency"),
];

/// One line for all of them; none when the template has nothing of the kind. `present`: whether a resource is deployed.
pub(super) fn line(template: &Value, present: impl Fn(&Value) -> bool) -> Option<String> {
    let resources = template.get("Resources").and_then(Value::as_object)?;
    let mut undone: Vec<&str> = Vec::new();
    for resource in resources.values().filter(|resource| present(resource)) {
        let kind = resource.get("Type").and_then(Value::as_str).unwrap_or_default();
        let of_kind = UNDONE.iter().filter(|(of, _)| *of == kind).map(|(_, what)| *what);
        let has = |name: &str| resource.get("Properties").is_some_and(|it| it.get(name).is_some());
        let dead = has("RedrivePolicy") || has("DeadLetterConfig") || has("DeadLetterQueue");
        let extra = dead.then_some("dead letters (a delivery is tried for some 20 seconds, then given up)");
        let most =
            (kind == "AWS::Lambda::EventSourceMapping" && has("ScalingConfig")).then_some("the limit of turns at once");
        for what in of_kind.chain(extra).chain(most) {
            if !undone.contains(&what) {
                undone.push(what);
            }
        }
    }
    (!undone.is_empty()).then(|| format!("not done on this machine: {}", undone.join(", ")))
}
