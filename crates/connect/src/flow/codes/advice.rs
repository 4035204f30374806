//! What a flow runs with, and its author should know.

use super::{Code, code};
use crate::flow::Severity;

/// Warnings, then notes.
pub(super) const CODES: &[Code] = &[
    code(
        "unknown-field",
        Severity::Warning,
        "A field that nobody reads; it may be a slip.",
        "Mend the spelling, or take it out.",
        Some(
            r#"{"Identifier": "a", "Typ": "x", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "refused-error-branch",
        Severity::Warning,
        "Connect has been seen to refuse this error branch.",
        "Leave it out: the action does not fail.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactRecordingBehavior", "Parameters": {"RecordingBehavior": {"RecordedParticipants": ["Agent"]}}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "never-taken",
        Severity::Warning,
        "A branch that is never taken.",
        "Take it out, or mend its condition.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "QueueAtCapacity"}]}}"#,
        ),
    ),
    code(
        "mixed-value",
        Severity::Warning,
        "Text with a JSONPath in it, where AWS's page takes a plain value or one JSONPath.",
        "Put it together in an attribute first, and name that.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/$.Attributes.queue"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "unreachable-action",
        Severity::Warning,
        "No way leads to the action.",
        "Lead a branch to it, or take it out.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m"}}, {"Identifier": "b", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "no-way-out",
        Severity::Warning,
        "No way leads from here to an end: the contact goes round for ever.",
        "Lead a branch of the circle to a queue or to an end.",
        Some(
            r#"{"Identifier": "a", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "60"}, "Transitions": {"Errors": [{"NextAction": "a", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "a", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}]}}"#,
        ),
    ),
    code(
        "circle-without-a-pause",
        Severity::Warning,
        "A circle that is gone round without any pause.",
        "Put a Wait or a Loop on it, which lets it end.",
        Some(
            r#"{"Identifier": "a", "Type": "Compare", "Parameters": {"ComparisonValue": "$.Channel"}, "Transitions": {"Errors": [{"NextAction": "b", "ErrorType": "NoMatchingCondition"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["VOICE"]}}]}}, {"Identifier": "b", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "a"}}"#,
        ),
    ),
    code(
        "silent-end",
        Severity::Warning,
        "The customer is hung up on without a word.",
        "Put a MessageParticipant before the end.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "b"}}, {"Identifier": "b", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "arn:aws:lambda:eu-west-2:123456789012:function:start-bot", "InvocationTimeLimitSeconds": "8"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "unhandled-error",
        Severity::Warning,
        "The action can fail, and has no error branch: the contact would end there.",
        "Add an error branch NoMatchingError.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "$.Attributes.greeting"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "percentages",
        Severity::Warning,
        "The thresholds of a DistributeByPercentage do not grow from 1 to 100.",
        "A threshold is one more than the sum of the percentages up to it.",
        Some(
            r#"{"Identifier": "a", "Type": "DistributeByPercentage", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingCondition"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "NumberLessThan", "Operands": ["51"]}}, {"NextAction": "m", "Condition": {"Operator": "NumberLessThan", "Operands": ["31"]}}]}}"#,
        ),
    ),
    code(
        "bot-stays",
        Severity::Warning,
        "When the time of a Wait is out, the bot is still in the chat while the flow goes on to a person, another bot or another flow, or asks on.",
        "Have a function disconnect the bot first, or let the bot keep silent.",
        Some(
            r#"{"Identifier": "a", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "60", "Events": ["BotParticipantDisconnected"]}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "ParticipantNotFound"}, {"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "t", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}, {"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["BotParticipantDisconnected"]}}]}}, {"Identifier": "t", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "b", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}, {"Identifier": "b", "Type": "TransferContactToQueue", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "QueueAtCapacity"}, {"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "no-person",
        Severity::Warning,
        "The flow has a queue, and no way leads there when the bot fails.",
        "Lead the error branch to the queue.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "b"}}, {"Identifier": "b", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "arn:aws:lambda:eu-west-2:123456789012:function:start-bot", "InvocationTimeLimitSeconds": "8"}, "Transitions": {"NextAction": "t", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}, {"Identifier": "t", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "c", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}, {"Identifier": "c", "Type": "TransferContactToQueue", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "QueueAtCapacity"}, {"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "no-queue-at-capacity",
        Severity::Warning,
        "Nothing is said to a customer when the queue is full.",
        "Add an error branch QueueAtCapacity that leads to a message.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "b", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}, {"Identifier": "b", "Type": "TransferContactToQueue", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "function-first",
        Severity::Warning,
        "The first action that takes time calls a function.",
        "Put a MessageParticipant before it: the chat is up before the bot comes.",
        Some(
            r#"{"Identifier": "a", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "arn:aws:lambda:eu-west-2:123456789012:function:start-bot", "InvocationTimeLimitSeconds": "8"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "value-never-set",
        Severity::Warning,
        "Nothing has filled what is looked up: it is empty.",
        "Put the action that fills it before, or mend the path.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello $.External.name"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "unknown-jsonpath",
        Severity::Warning,
        "No namespace of Connect has this name.",
        "Mend the spelling.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello $.Atributes.name"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "empty-jsonpath",
        Severity::Warning,
        "The path never has a value here.",
        "Take a path that has one.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello $.Customer.FirstName"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "foreign-arn",
        Severity::Warning,
        "An ARN is of another instance or account than the flow's first.",
        "Name things of one instance, or use a template's placeholders.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "b", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}, {"Identifier": "b", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/33333333-3333-4111-8111-333333333333/queue/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "agent-queue",
        Severity::Warning,
        "The queue is that of one agent: nobody else takes its contacts.",
        "Name a standard queue.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/agent/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "ends-the-contact",
        Severity::Warning,
        "A flow that ends before its contact is in a queue ends the contact.",
        "Say a word, and use DisconnectParticipant.",
        Some(
            r#"{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "contactFlow"}, "Actions": [{"Identifier": "a", "Type": "EndFlowExecution"}]}"#,
        ),
    ),
    code(
        "voice-only",
        Severity::Warning,
        "An action or a parameter of another channel: a chat takes the error branch.",
        "Take it out, or lead its error branch on.",
        Some(
            r#"{"Identifier": "a", "Type": "StartVoiceIdStream", "Parameters": {}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "no-service-here",
        Severity::Warning,
        "The action or a parameter needs what AWS has and is not here: the error branch is taken.",
        "Lead the error branch on; on AWS the service must be set up.",
        Some(
            r#"{"Identifier": "a", "Type": "CreateTask", "Parameters": {"Name": "Call back"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "no-effect-here",
        Severity::Warning,
        "Something that changes nothing here, and may on AWS.",
        "Nothing to mend.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactEventHooks", "Parameters": {"EventHooks": {"CustomerQueue": "f"}, "EventHooksConfiguration": {"CustomerQueue": {"DisableExecution": "True"}}}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "no-target-queue",
        Severity::Note,
        "A way leads to the transfer on which no queue was chosen.",
        "Put an UpdateContactTargetQueue before it.",
        Some(
            r#"{"Identifier": "a", "Type": "TransferContactToQueue", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "QueueAtCapacity"}, {"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "no-hours-check",
        Severity::Note,
        "Nobody asks whether anybody is there before the customer waits.",
        "Put a CheckHoursOfOperation or a CheckMetricData before it.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "b", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}, {"Identifier": "b", "Type": "TransferContactToQueue", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "QueueAtCapacity"}, {"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "attribute-never-set",
        Severity::Note,
        "Nothing in the flow sets the attribute that is compared.",
        "Right where the request that begins the chat, a function or a bot sets it.",
        Some(
            r#"{"Identifier": "a", "Type": "Compare", "Parameters": {"ComparisonValue": "$.Attributes.language"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingCondition"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["es"]}}]}}"#,
        ),
    ),
    code(
        "function-without-arn",
        Severity::Note,
        "A function is named without its ARN, and Connect takes only ARNs.",
        "Write arn:aws:lambda:REGION:ACCOUNT:function:NAME, or a template's placeholder.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "b"}}, {"Identifier": "b", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "start-bot", "InvocationTimeLimitSeconds": "8"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "input-in-chat",
        Severity::Note,
        "AWS's pages do not agree on GetParticipantInput in a chat: the language's takes it, the console's sends a chat to the error branch.",
        "Try it on AWS before you build on it, and lead the error branch on.",
        Some(
            r#"{"Identifier": "a", "Type": "GetParticipantInput", "Parameters": {"Text": "Your number?", "InputTimeLimitSeconds": "60", "StoreInput": "True"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "unpublished-parameter",
        Severity::Note,
        "No page of AWS says how this is written; it is read as the console names it.",
        "Compare with what the console exports.",
        Some(
            r#"{"Identifier": "a", "Type": "Loop", "Parameters": {"LoopName": "l", "Elements": "$.Attributes.list"}, "Transitions": {"Errors": [], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["ContinueLooping"]}}, {"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["DoneLooping"]}}]}}"#,
        ),
    ),
];
