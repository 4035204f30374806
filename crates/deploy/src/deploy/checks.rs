//! What must be there before anything is deployed: everything that is missing at once.

use serde_json::Value;

use super::{
    Plan,
    parameters::{DEFAULT_QUEUE, Parameters, QUEUE},
    stack::Stack,
};
use crate::{
    programs::{Aws, AwsError, Call, Programs},
    template::secret_name,
};

/// What was found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The account.
    pub account: String,
    /// The stack, when there is one already.
    pub stack: Option<Stack>,
    /// Why it cannot be deployed, a line each, with what to do.
    pub missing: Vec<String>,
    /// What a person should know.
    pub warnings: Vec<String>,
}

/// Checks programs, credentials, stack, instance, queue, agent or model, secrets and quotas, and completes the parameters.
pub(super) fn check(programs: &dyn Programs, plan: &Plan<'_>, parameters: &mut Parameters) -> Found {
    let mut found = Found::default();
    tools(programs, plan, &mut found);
    let aws = Aws::new(programs, plan.region);
    match aws.ask(["sts", "get-caller-identity"]) {
        Ok(answer) => found.account = text(&answer, "/Account"),
        // Without credentials every further question would fail in the same words.
        Err(error) => {
            found.missing.push(match error {
                AwsError::Missing => error.to_string(),
                error => format!("credentials: {error} (try: aws sts get-caller-identity)"),
            });
            return found;
        }
    }
    match Stack::read(&aws, plan.stack) {
        Ok(stack) => {
            if let Some(stack) = stack.as_ref().filter(|stack| !stack.is_dead()) {
                parameters.fall_back_to(&stack.parameters);
            }
            if let Some(stack) = stack.as_ref().filter(|stack| stack.is_busy()) {
                found.missing.push(format!("stack {}: it is {}; wait until that is over", plan.stack, stack.status));
            }
            found.stack = stack;
        }
        Err(error) => found.missing.push(format!("stack {}: {error}", plan.stack)),
    }
    parameters.complete();
    match parameters.get("instanceId").map(ToOwned::to_owned) {
        Some(instance) => connect(&aws, &instance, parameters, &mut found),
        None => found
            .missing
            .push("instanceId is not given: --parameters instanceId=… (aws connect list-instances shows them)".into()),
    }
    match parameters.get("agentBackend").unwrap_or("relevo") {
        "bedrock-agent" => agent(&aws, parameters, &mut found),
        "bedrock-classic" => classic(&aws, &mut found),
        _ if plan.asks_bedrock => model(&aws, parameters.get("modelId").unwrap_or(DEFAULT_MODEL), &mut found),
        _ => {}
    }
    for variable in &plan.secrets {
        let name = secret_name(plan.stack, variable);
        if let Err(error) = aws.ask(["secretsmanager", "describe-secret", "--secret-id", name.as_str()]) {
            found.missing.push(format!(
                "secret {name}: {error}: bot.yaml reads {variable} from the environment, which comes from there (aws \
                 secretsmanager create-secret --name {name} --secret-string …)"
            ));
        }
    }
    quotas(&aws, parameters, &mut found);
    found
}

/// The template's.
const DEFAULT_MODEL: &str = "global.anthropic.claude-haiku-4-5-20251001-v1:0";

fn tools(programs: &dyn Programs, plan: &Plan<'_>, found: &mut Found) {
    let mut wanted = vec![("sam", vec!["--version"], "the SAM CLI: pip install aws-sam-cli")];
    if plan.binaries.is_none() {
        wanted.push(("cargo", vec!["lambda", "--version"], "cargo-lambda: pip install cargo-lambda"));
        wanted.push(("make", vec!["--version"], "make"));
    }
    for (program, arguments, what) in wanted {
        let said = programs.ask(&Call::new(program, arguments));
        if said.is_none_or(|said| said.code != Some(0)) {
            found.missing.push(format!("not installed: {what}"));
        }
    }
}

fn connect(aws: &Aws<'_>, instance: &str, parameters: &mut Parameters, found: &mut Found) {
    match aws.ask(["connect", "describe-instance", "--instance-id", instance]) {
        Ok(answer) => {
            let status = text(&answer, "/Instance/InstanceStatus");
            if status != "ACTIVE" {
                found.missing.push(format!("instance {instance}: it is {status}, not ACTIVE"));
            }
        }
        Err(error) if error.is("ResourceNotFound") => {
            found.missing.push(format!(
                "instanceId={instance}: there is no such instance in this account and region (aws connect list-instances \
                 shows them; --region chooses another)"
            ));
            return;
        }
        Err(error) => {
            found.missing.push(denied("instance", "connect:DescribeInstance", &error));
            return;
        }
    }
    if let Some(id) = parameters.get("queueId").map(ToOwned::to_owned) {
        if let Err(error) = aws.ask(["connect", "describe-queue", "--instance-id", instance, "--queue-id", id.as_str()])
        {
            found.missing.push(format!("queueId={id}: {error}"));
        }
        return;
    }
    let name = parameters.get(QUEUE).unwrap_or(DEFAULT_QUEUE).to_owned();
    // The CLI reads all pages by itself.
    let arguments = ["connect", "list-queues", "--instance-id", instance, "--queue-types", "STANDARD"];
    match aws.ask(arguments) {
        Ok(answer) => match queue(&answer, &name) {
            Ok(id) => parameters.set("queueId", id),
            Err(line) => found.missing.push(line),
        },
        Err(error) => found.missing.push(denied("queue", "connect:ListQueues", &error)),
    }
}

/// The one queue of this name. The command asks for standard queues; an agent's own queue is none.
fn queue(answer: &Value, name: &str) -> Result<String, String> {
    let all = answer.get("QueueSummaryList").and_then(Value::as_array).cloned().unwrap_or_default();
    let standard: Vec<&Value> = all.iter().filter(|queue| text(queue, "/QueueType") == "STANDARD").collect();
    let named: Vec<&&Value> = standard.iter().filter(|queue| text(queue, "/Name") == name).collect();
    match named.as_slice() {
        [one] => Ok(text(one, "/Id")),
        [] => {
            let names: Vec<String> = standard.iter().map(|queue| text(queue, "/Name")).collect();
            let there = if names.is_empty() { "none".into() } else { names.join(", ") };
            Err(format!("queue={name}: the instance has no standard queue of this name; there are: {there}"))
        }
        several => {
            let ids: Vec<String> = several.iter().map(|queue| text(queue, "/Id")).collect();
            Err(format!(
                "queue={name}: {} queues have this name; choose one by queueId=: {}",
                ids.len(),
                ids.join(", ")
            ))
        }
    }
}

fn agent(aws: &Aws<'_>, parameters: &Parameters, found: &mut Found) {
    let (Some(agent), Some(alias)) = (parameters.get("agentId"), parameters.get("agentAliasId")) else {
        found.missing.push("agentBackend=bedrock-agent needs agentId=… and agentAliasId=…".into());
        return;
    };
    match aws.ask(["bedrock-agent", "get-agent-alias", "--agent-id", agent, "--agent-alias-id", alias]) {
        Ok(answer) => {
            let status = text(&answer, "/agentAlias/agentAliasStatus");
            if status != "PREPARED" {
                found.missing.push(format!("agent {agent}: its alias {alias} is {status}, not PREPARED"));
            }
        }
        Err(error) if error.is("ResourceNotFound") => {
            found.missing.push(format!("agentId={agent}, agentAliasId={alias}: there is no such agent or alias here"));
        }
        Err(error) => found.missing.push(denied("agent", "bedrock:GetAgentAlias", &error)),
    }
}

/// Who may still make agents cannot be asked for; that there are some tells much.
fn classic(aws: &Aws<'_>, found: &mut Found) {
    const CLOSED: &str = "Bedrock Agents Classic takes no new customers since 30 July 2026";
    match aws.ask(["bedrock-agent", "list-agents"]) {
        Ok(answer) => {
            if answer.get("agentSummaries").and_then(Value::as_array).is_none_or(Vec::is_empty) {
                found.warnings.push(format!(
                    "agentBackend=bedrock-classic: this account has no agents here, and {CLOSED}; if it is refused, \
                     agentBackend=relevo does the same without them"
                ));
            }
        }
        Err(error) if error.is_denied() && error.to_string().contains("Maintenance") => {
            found.missing.push(format!(
                "agentBackend=bedrock-classic: closed for this account ({CLOSED}); agentBackend=relevo does the same"
            ));
        }
        Err(error) => found.missing.push(denied("agents", "bedrock:ListAgents", &error)),
    }
}

fn model(aws: &Aws<'_>, id: &str, found: &mut Found) {
    let behind = crate::template::model_behind(id);
    if behind != id {
        match aws.ask(["bedrock", "get-inference-profile", "--inference-profile-identifier", id]) {
            Ok(_) => {}
            Err(error) if error.is("ResourceNotFound") || error.is("Validation") => {
                found.missing.push(format!(
                    "modelId={id}: there is no such inference profile in this region (aws bedrock list-inference-profiles \
                     shows them)"
                ));
                return;
            }
            Err(error) => {
                found.missing.push(denied("model", "bedrock:GetInferenceProfile", &error));
                return;
            }
        }
    }
    match aws.ask(["bedrock", "get-foundation-model-availability", "--model-id", behind]) {
        Ok(answer) => {
            let missing: Vec<String> = [
                ("/authorizationStatus", "AUTHORIZED"),
                ("/entitlementAvailability", "AVAILABLE"),
                ("/agreementAvailability/status", "AVAILABLE"),
            ]
            .into_iter()
            .filter(|(field, right)| text(&answer, field) != *right)
            .map(|(field, _)| {
                format!("{} is {}", field.trim_start_matches('/').replace('/', "."), text(&answer, field))
            })
            .collect();
            if !missing.is_empty() {
                found.missing.push(format!(
                    "modelId={id}: access to {behind} is not enabled ({}); open the model in the Bedrock console, or choose \
                     another",
                    missing.join(", ")
                ));
            }
        }
        // A profile may lead to models of other regions alone.
        Err(error) if behind != id && !error.is_denied() => {
            found
                .warnings
                .push(format!("modelId={id}: whether {behind} is enabled cannot be told from this region ({error})"));
        }
        Err(error) if error.is("ResourceNotFound") || error.is("Validation") => {
            found.missing.push(format!("modelId={id}: there is no such model in this region"));
        }
        Err(error) => found.missing.push(denied("model", "bedrock:GetFoundationModelAvailability", &error)),
    }
}

fn quotas(aws: &Aws<'_>, parameters: &Parameters, found: &mut Found) {
    let Ok(answer) = aws.ask(["lambda", "get-account-settings"]) else { return };
    let limit = answer.pointer("/AccountLimit/ConcurrentExecutions").and_then(Value::as_u64);
    let wanted: u64 = parameters.get("maxConcurrentTurns").and_then(|text| text.parse().ok()).unwrap_or(20);
    if let Some(limit) = limit.filter(|limit| *limit < wanted.saturating_add(5)) {
        found.warnings.push(format!(
            "Lambda: the account runs {limit} functions at once, and maxConcurrentTurns is {wanted}: customers will wait \
             (Service Quotas, Lambda, concurrent executions)"
        ));
    }
}

fn denied(what: &str, permission: &str, error: &AwsError) -> String {
    if error.is_denied() { format!("{what}: you may not {permission} ({error})") } else { format!("{what}: {error}") }
}

/// A text in an answer; empty when it is not there.
fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_that_is_checked_is_the_templates() {
        let template = include_str!("../../../../deploy/template.yaml");
        assert!(template.contains(&format!("    Default: {DEFAULT_MODEL}\n")));
        let behind = crate::template::model_behind(DEFAULT_MODEL);
        assert!(template.contains(&format!("    Default: {behind}\n")), "which is what its role allows");
    }
}
