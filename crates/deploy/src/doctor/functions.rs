//! The functions: whether they run, and who may call them.

use super::{Finding, Patient, allows, text};

pub(super) fn look(patient: &Patient<'_>) -> Vec<Finding> {
    let mut findings = vec![
        state(patient, "start-bot is ready", patient.resource("StartBot")),
        state(patient, "chat-bot is ready", patient.resource("ChatBot")),
        permission(patient),
    ];
    findings.extend(agent(patient));
    findings
}

fn state(patient: &Patient<'_>, what: &'static str, name: &str) -> Finding {
    match patient.aws.ask(["lambda", "get-function-configuration", "--function-name", name]) {
        Err(error) => Finding::unknown(what, &error),
        Ok(answer) => {
            let (state, update) = (text(&answer, "/State"), text(&answer, "/LastUpdateStatus"));
            // A function that was not called for weeks is inactive until its first call, which waits for it.
            let ready = ["Active", "Inactive"].contains(&state.as_str()) && update != "Failed";
            let variables = answer.pointer("/Environment/Variables");
            let instance = variables.map(|variables| text(variables, "/INSTANCE_ID")).unwrap_or_default();
            Finding::of(
                what,
                if !ready {
                    let why = text(&answer, "/StateReason") + &text(&answer, "/LastUpdateStatusReason");
                    Some(format!("it is {state}, its last update {update}: {why}"))
                } else if instance != patient.parameter("instanceId") {
                    Some("somebody has changed its environment; run relevo deploy again".into())
                } else {
                    None
                },
            )
        }
    }
}

fn permission(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "the instance may call start-bot";
    match patient.aws.ask(["lambda", "get-policy", "--function-name", patient.resource("StartBot")]) {
        Err(error) if error.is("ResourceNotFound") => {
            Finding::wrong(WHAT, "the function has no policy: run relevo deploy again")
        }
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let policy = text(&answer, "/Policy");
            let allowed = allows(&policy, "connect.amazonaws.com", "lambda:InvokeFunction", &patient.instance_arn());
            Finding::of(WHAT, allowed.err().map(|why| format!("{why}; run relevo deploy again")))
        }
    }
}

/// A Bedrock agent that is asked.
fn agent(patient: &Patient<'_>) -> Option<Finding> {
    const WHAT: &str = "the Bedrock agent is prepared";
    if patient.parameter("agentBackend") != "bedrock-agent" {
        return None;
    }
    let (agent, alias) = (patient.parameter("agentId"), patient.parameter("agentAliasId"));
    let arguments = ["bedrock-agent", "get-agent-alias", "--agent-id", agent, "--agent-alias-id", alias];
    Some(match patient.aws.ask(arguments) {
        Err(error) if error.is("ResourceNotFound") => {
            Finding::wrong(WHAT, format!("agent {agent} has no alias {alias} any more: give another by relevo deploy"))
        }
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let status = text(&answer, "/agentAlias/agentAliasStatus");
            Finding::of(WHAT, (status != "PREPARED").then(|| format!("its alias {alias} is {status}")))
        }
    })
}
