//! What an action is for, and the parameter that tells most of it.

use super::Class;
use crate::flow::json::{Json, Kind};

pub(super) fn class(type_name: &str) -> Class {
    match type_name {
        "MessageParticipant"
        | "MessageParticipantIteratively"
        | "GetParticipantInput"
        | "ShowView"
        | "ConnectParticipantWithLexBot" => Class::Talk,
        "Wait" => Class::Wait,
        "Compare"
        | "CheckHoursOfOperation"
        | "CheckMetricData"
        | "Loop"
        | "DistributeByPercentage"
        | "CheckVoiceId"
        | "CheckOutboundCallStatus"
        | "EvaluateDataTableValues"
        | "AuthenticateParticipant" => Class::Fork,
        "DisconnectParticipant" | "EndFlowExecution" | "EndFlowModuleExecution" => Class::End,
        "TransferContactToQueue"
        | "DequeueContactAndTransferToQueue"
        | "TransferToFlow"
        | "TransferContactToAgent"
        | "TransferParticipantToThirdParty"
        | "UpdateContactTargetQueue" => Class::Route,
        other if other.starts_with("Update") || other.contains("agContact") || other == "GetMetricData" => Class::Set,
        _ => Class::Call,
    }
}

pub(super) fn detail(type_name: &str, parameters: Option<&Json>) -> String {
    let Some(parameters) = parameters else { return String::new() };
    let text = |name: &str| parameters.get(name).and_then(Json::as_str);
    let tail_of = |name: &str| text(name).map(|value| tail(value).to_owned());
    let told = match type_name {
        "InvokeLambdaFunction" => tail_of("LambdaFunctionARN"),
        "UpdateContactTargetQueue" | "DequeueContactAndTransferToQueue" => tail_of("QueueId"),
        "TransferToFlow" => tail_of("ContactFlowId"),
        "InvokeFlowModule" => tail_of("FlowModuleId"),
        "CheckHoursOfOperation" => tail_of("HoursOfOperationId").or(Some("hours of the queue".into())),
        "Wait" => {
            let events = strings(parameters.get("Events")).join(", ");
            text("TimeLimitSeconds").or(text("TimeoutSeconds")).map(|limit| {
                let limit = span(limit);
                if events.is_empty() { limit } else { format!("{limit}, or {events}") }
            })
        }
        "Loop" => text("LoopCount").map(|count| format!("{count} times")).or(text("Elements").map(str::to_owned)),
        "UpdateContactRoutingBehavior" => text("QueuePriority")
            .map(|priority| format!("priority {priority}"))
            .or(text("QueueTimeAdjustmentSeconds").map(|seconds| format!("{seconds} s older"))),
        "UpdateContactAttributes" => pairs(parameters.get("Attributes")),
        "UpdateFlowAttributes" => pairs(parameters.get("FlowAttributes")),
        "TagContact" => pairs(parameters.get("Tags")),
        "UntagContact" => Some(strings(parameters.get("TagKeys")).join(", ")),
        "UpdateContactEventHooks" => pairs(parameters.get("EventHooks")),
        "UpdateContactData" => pairs(Some(parameters)),
        "ShowView" => {
            parameters.get("ViewResource").and_then(|view| view.get("Id")?.as_str()).map(|id| tail(id).into())
        }
        "ConnectParticipantWithLexBot" => parameters
            .get("LexV2Bot")
            .and_then(|bot| bot.get("AliasArn")?.as_str())
            .or_else(|| parameters.get("LexBot")?.get("Name")?.as_str())
            .map(|bot| tail(bot).to_owned()),
        _ => None,
    };
    told.or_else(|| first_text(parameters)).unwrap_or_default()
}

/// The last part of an ARN: a name where it has one.
fn tail(name: &str) -> &str {
    if !name.starts_with("arn:") {
        return name;
    }
    if let Some((_, function)) = name.split_once(":function:") {
        return function;
    }
    name.rsplit('/').next().unwrap_or(name)
}

/// Seconds as people say them.
fn span(seconds: &str) -> String {
    match seconds.parse::<u64>() {
        Ok(s) if s >= 3600 && s % 3600 == 0 => format!("{} h", s / 3600),
        Ok(s) if s >= 60 && s % 60 == 0 => format!("{} min", s / 60),
        Ok(s) => format!("{s} s"),
        Err(_) => seconds.to_owned(),
    }
}

fn strings(json: Option<&Json>) -> Vec<&str> {
    json.and_then(Json::as_array).unwrap_or_default().iter().filter_map(Json::as_str).collect()
}

/// `key = value` for each.
fn pairs(json: Option<&Json>) -> Option<String> {
    let members = json?.as_object()?;
    let pairs = members.iter().filter_map(|member| {
        let value = member.value.as_str().or_else(|| member.value.get("Value")?.as_str())?;
        Some(format!("{} = {}", member.key, tail(value)))
    });
    Some(pairs.collect::<Vec<_>>().join(", "))
}

/// The first text there is: the action's own words, or a name.
fn first_text(json: &Json) -> Option<String> {
    match &json.kind {
        Kind::String(text) => Some(tail(text).to_owned()),
        Kind::Object(members) => {
            let named = ["Text", "ComparisonValue", "MetricType", "Name"];
            let first = named.iter().find_map(|name| json.get(name)).or_else(|| members.first().map(|m| &m.value))?;
            first_text(first)
        }
        Kind::Array(items) => items.first().and_then(first_text),
        Kind::Other(..) => None,
    }
}
