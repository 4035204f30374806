//! Whether quotas carry a given load.

use serde_json::Value;

use super::{Finding, Patient, items, text};

/// What is to be carried.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Chats that begin in the busiest hour.
    pub chats_an_hour: f64,
    /// How long a chat is open, in minutes.
    pub minutes_a_chat: f64,
    /// What a customer writes in it.
    pub messages_a_chat: f64,
    /// How long a turn takes, in seconds.
    pub seconds_a_turn: f64,
}

impl Default for Load {
    fn default() -> Self {
        Self { chats_an_hour: 60.0, minutes_a_chat: 12.0, messages_a_chat: 6.0, seconds_a_turn: 5.0 }
    }
}

/// Parts that the bot writes for a message, typing included. Connect counts each against the instance's rate.
const CALLS_A_MESSAGE: f64 = 3.0;
/// A quota is all right when no more than this of it is used on average: chats come in bursts.
const SHARE: f64 = 0.5;

const LAMBDA: &str = "Lambda carries the load";
const CONNECT: &str = "Connect carries the load";

impl Load {
    fn messages_a_second(self) -> f64 {
        self.chats_an_hour * self.messages_a_chat / 3_600.0
    }

    /// By Little's law.
    fn turns_at_once(self) -> f64 {
        self.messages_a_second() * self.seconds_a_turn
    }

    fn chats_at_once(self) -> f64 {
        self.chats_an_hour * self.minutes_a_chat / 60.0
    }
}

pub(super) fn look(patient: &Patient<'_>, load: Load) -> Vec<Finding> {
    let mut findings = Vec::new();
    if patient.by_queue() {
        let most = patient.parameter("maxConcurrentTurns").parse().unwrap_or(20.0);
        findings.push(enough("turns at once", load.turns_at_once(), most, "raise maxConcurrentTurns"));
    }
    findings.push(match patient.aws.ask(["lambda", "get-account-settings"]) {
        Err(error) => Finding::unknown(LAMBDA, &error),
        Ok(answer) => {
            let limit = answer.pointer("/AccountLimit/UnreservedConcurrentExecutions").and_then(Value::as_f64);
            let advice = "ask for more concurrent executions (Service Quotas, Lambda)";
            enough(LAMBDA, load.turns_at_once(), limit.unwrap_or(10.0), advice)
        }
    });
    match patient.aws.ask(["service-quotas", "list-service-quotas", "--service-code", "connect"]) {
        Err(error) => findings.push(Finding::unknown(CONNECT, &error)),
        Ok(answer) => {
            let quota = |part: &str| {
                items(&answer, "Quotas")
                    .find(|quota| text(quota, "/QuotaName").to_ascii_lowercase().contains(part))
                    .and_then(|quota| quota.get("Value").and_then(Value::as_f64))
            };
            let chats = quota("concurrent active chats").or_else(|| quota("concurrent chats"));
            // The defaults of the admin guide, where the account's own are not told.
            let advice = "ask for more concurrent active chats for the instance (Service Quotas, Connect)";
            findings.push(enough(CONNECT, load.chats_at_once(), chats.unwrap_or(500.0), advice));
            let rate = quota("rate of sendmessage").unwrap_or(10.0);
            let advice = "ask for a higher rate of SendMessage for the instance (Service Quotas, Connect)";
            let messages = load.messages_a_second() * CALLS_A_MESSAGE;
            findings.push(enough("Connect takes the messages", messages, rate, advice));
        }
    }
    findings
}

fn enough(what: &'static str, need: f64, quota: f64, advice: &str) -> Finding {
    if need <= quota * SHARE {
        return Finding::well(what);
    }
    let line = format!("the load needs {need:.1} on average and the quota is {quota:.0}: {advice}");
    if need > quota { Finding::wrong(what, line) } else { Finding::warning(what, line) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::State;

    #[test]
    fn a_quota_should_have_room() {
        let load = Load { chats_an_hour: 600.0, minutes_a_chat: 12.0, messages_a_chat: 6.0, seconds_a_turn: 5.0 };
        assert!((load.messages_a_second() - 1.0).abs() < 1e-9);
        assert!((load.turns_at_once() - 5.0).abs() < 1e-9 && (load.chats_at_once() - 120.0).abs() < 1e-9);
        for (need, quota, state) in [(5.0, 10.0, State::Well), (6.0, 10.0, State::Warning), (11.0, 10.0, State::Wrong)]
        {
            assert_eq!(enough("x", need, quota, "more").state, state);
        }
    }
}
