//! The instance's side: the association, the flow, who answers from the queue.

use super::{Finding, Patient, items, text};

pub(super) fn look(patient: &Patient<'_>) -> Vec<Finding> {
    vec![association(patient), flow(patient), people(patient)]
}

fn association(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "the instance knows start-bot";
    let arguments = ["connect", "list-lambda-functions", "--instance-id", patient.parameter("instanceId")];
    match patient.aws.ask(arguments) {
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let arn = patient.output("StartBotArn");
            let known = items(&answer, "LambdaFunctions").any(|function| function.as_str() == Some(arn));
            Finding::of(WHAT, (!known).then(|| {
                format!("it is not associated, so every chat goes to a person at once: run relevo deploy again, or aws connect \
                         associate-lambda-function --function-arn {arn}")
            }))
        }
    }
}

fn flow(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "the flow calls start-bot";
    let arn = patient.output("FlowArn");
    let id = arn.rsplit('/').next().unwrap_or(arn);
    let arguments =
        ["connect", "describe-contact-flow", "--instance-id", patient.parameter("instanceId"), "--contact-flow-id", id];
    match patient.aws.ask(arguments) {
        Err(error) if error.is("NotPublished") => {
            Finding::wrong(WHAT, "the flow is not published: publish it in the flow editor, or run relevo deploy again")
        }
        Err(error) => Finding::unknown(WHAT, &error),
        Ok(answer) => {
            let state = text(&answer, "/ContactFlow/State");
            let content = text(&answer, "/ContactFlow/Content");
            let queue = format!("/queue/{}", patient.parameter("queueId"));
            Finding::of(
                WHAT,
                if state != "ACTIVE" {
                    Some(format!("the flow is {state}: activate it in the Connect console"))
                } else if !content.contains(patient.output("StartBotArn")) {
                    Some("somebody has edited the flow, and it does not call this stack's start-bot: run relevo deploy again".into())
                } else if !content.contains(&queue) {
                    Some(format!(
                        "somebody has edited the flow, and it does not lead to the queue {}",
                        patient.parameter("queueId")
                    ))
                } else {
                    None
                },
            )
        }
    }
}

/// A queue that no routing profile with chat has is one that nobody answers from.
fn people(patient: &Patient<'_>) -> Finding {
    const WHAT: &str = "people answer from the queue";
    let (instance, queue) = (patient.parameter("instanceId"), patient.parameter("queueId"));
    let profiles = match patient.aws.ask(["connect", "list-routing-profiles", "--instance-id", instance]) {
        Ok(answer) => answer,
        Err(error) => return Finding::unknown(WHAT, &error),
    };
    for profile in items(&profiles, "RoutingProfileSummaryList") {
        let id = text(profile, "/Id");
        let arguments =
            ["connect", "list-routing-profile-queues", "--instance-id", instance, "--routing-profile-id", id.as_str()];
        match patient.aws.ask(arguments) {
            Ok(answer) => {
                let serves = items(&answer, "RoutingProfileQueueConfigSummaryList")
                    .any(|it| text(it, "/QueueId") == queue && text(it, "/Channel") == "CHAT");
                if serves {
                    return Finding::well(WHAT);
                }
            }
            Err(error) => return Finding::unknown(WHAT, &error),
        }
    }
    Finding::wrong(
        WHAT,
        format!(
            "no routing profile has queue {queue} for chat, so nobody is ever offered these contacts: add it to your agents' \
                 routing profile (Connect console, Users, Routing profiles)"
        ),
    )
}
