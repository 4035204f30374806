//! Every code that a flow's problems have, with what it means, what mends it, and an example that has it.

use super::Severity;

/// One code.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// Stable, kebab-case.
    pub code: &'static str,
    /// How bad it is at worst.
    pub severity: Severity,
    /// What is wrong.
    pub says: &'static str,
    /// What mends it.
    pub remedy: &'static str,
    /// Something that has it: a whole flow, or actions of which the first begins, before `m` (a message) and `end` (which
    /// hangs up). Absent where it is a matter of size.
    pub example: Option<&'static str>,
}

/// The code of this name.
pub(super) fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|known| known.code == code)
}

impl Code {
    /// The example as a whole flow.
    pub fn example_flow(&self) -> Option<String> {
        let example = self.example?;
        if example.starts_with("{\"Version\"") {
            return Some(example.to_owned());
        }
        Some(format!(
            r#"{{"Version": "2019-10-30", "StartAction": "a", "Actions": [{example},
{{"Identifier": "m", "Type": "MessageParticipant", "Parameters": {{"Text": "Goodbye"}}, "Transitions": {{"NextAction": "end"}}}},
{{"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {{}}, "Transitions": {{}}}}]}}"#
        ))
    }
}

const fn code(
    code: &'static str,
    severity: Severity,
    says: &'static str,
    remedy: &'static str,
    example: Option<&'static str>,
) -> Code {
    Code { code, severity, says, remedy, example }
}

/// All of them: errors, warnings, notes.
pub const CODES: &[Code] = &[
    code(
        "syntax",
        Severity::Error,
        "The text is no JSON.",
        "Mend it where the line says.",
        Some(r#"{"Version": "2019-10-30",}"#),
    ),
    code("too-long", Severity::Error, "Connect takes 256,000 characters.", "Move a part into a flow module.", None),
    code(
        "wrong-type",
        Severity::Error,
        "A value is of another type than Connect takes; numbers and booleans are strings in a flow.",
        "Write it in quotes, or as the list or object that it must be.",
        Some(
            r#"{"Identifier": "a", "Type": "Wait", "Parameters": {"TimeLimitSeconds": 60}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}]}}"#,
        ),
    ),
    code(
        "missing-field",
        Severity::Error,
        "A field of the flow, an action or a branch is missing.",
        "Add it.",
        Some(r#"{"Identifier": "a", "Parameters": {}, "Transitions": {}}"#),
    ),
    code(
        "unsupported-version",
        Severity::Error,
        "The language has one version, 2019-10-30.",
        "Write that one.",
        Some(
            r#"{"Version": "2020-01-01", "StartAction": "a", "Actions": [{"Identifier": "a", "Type": "DisconnectParticipant"}]}"#,
        ),
    ),
    code("too-many-actions", Severity::Error, "Connect takes 250 actions.", "Move a part into a flow module.", None),
    code(
        "missing-start-action",
        Severity::Error,
        "StartAction names no action.",
        "Name the first action's identifier.",
        Some(
            r#"{"Version": "2019-10-30", "StartAction": "b", "Actions": [{"Identifier": "a", "Type": "DisconnectParticipant"}]}"#,
        ),
    ),
    code(
        "duplicate-key",
        Severity::Error,
        "A key stands twice in one object: only the last would count.",
        "Take one out.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello", "Text": "Hi"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "duplicate-identifier",
        Severity::Error,
        "Two actions have the same identifier.",
        "Rename one, and the branches that lead to it.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m"}}, {"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "bad-identifier",
        Severity::Error,
        "An identifier has 1 to 50 characters and none of % : ( \\ / ) = $ , ; [ ] { }.",
        "Rename it.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m"}}, {"Identifier": "a/b", "Type": "DisconnectParticipant"}"#,
        ),
    ),
    code(
        "unknown-action",
        Severity::Error,
        "No action has this type.",
        "Mend the spelling.",
        Some(
            r#"{"Identifier": "a", "Type": "MesageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "unknown-parameter",
        Severity::Error,
        "The action has no such parameter.",
        "Mend the spelling, or take it out.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello", "Txt": "Hi"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "missing-parameter",
        Severity::Error,
        "A parameter that must be there is missing.",
        "Add it.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "too-many-parameters",
        Severity::Error,
        "Parameters that exclude each other are both there.",
        "Take one out.",
        Some(
            r#"{"Identifier": "a", "Type": "GetParticipantInput", "Parameters": {"InputTimeLimitSeconds": "60", "StoreInput": "True", "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}, "CustomValidation": {"MaximumLength": "20"}}}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "empty-string",
        Severity::Error,
        "Connect takes no empty string.",
        "Give it a value, or take it out.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": ""}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "out-of-range",
        Severity::Error,
        "A number is outside of its range.",
        "Take one within it, or one JSONPath.",
        Some(
            r#"{"Identifier": "a", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "604801"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}]}}"#,
        ),
    ),
    code(
        "not-allowed-value",
        Severity::Error,
        "Only a few words are taken here.",
        "Take one of them.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateFlowLoggingBehavior", "Parameters": {"FlowLoggingBehavior": "On"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "not-a-jsonpath",
        Severity::Error,
        "The parameter must be one JSONPath and nothing else.",
        "Set an attribute to the text first, and compare that.",
        Some(
            r#"{"Identifier": "a", "Type": "Compare", "Parameters": {"ComparisonValue": "x"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingCondition"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["x"]}}]}}"#,
        ),
    ),
    code(
        "bad-attribute-key",
        Severity::Error,
        "An attribute's key has letters, digits, - and _ only.",
        "Rename it.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactAttributes", "Parameters": {"Attributes": {"order number": "1"}}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "bad-tag-key",
        Severity::Error,
        "A tag's key has 1 to 128 characters and does not begin with aws:.",
        "Rename it.",
        Some(
            r#"{"Identifier": "a", "Type": "TagContact", "Parameters": {"Tags": {"aws:team": "a"}}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "parameter-not-run",
        Severity::Error,
        "Connect has this parameter, and the flow cannot be run here with it.",
        "Write the flow without it, or run it on AWS.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello", "PromptId": "p"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "wait-timeout-seconds",
        Severity::Error,
        "Connect refuses TimeoutSeconds in a Wait, whatever its documentation says.",
        "The parameter is TimeLimitSeconds.",
        Some(
            r#"{"Identifier": "a", "Type": "Wait", "Parameters": {"TimeoutSeconds": "60"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}]}}"#,
        ),
    ),
    code(
        "several-hooks",
        Severity::Error,
        "Connect takes one event hook in an action.",
        "Write an action for each hook.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactEventHooks", "Parameters": {"EventHooks": {"CustomerQueue": "f", "CustomerWhisper": "g"}}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "dangling-transition",
        Severity::Error,
        "A branch leads to no action.",
        "Lead it to an action's identifier.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "n"}}"#,
        ),
    ),
    code(
        "missing-transition",
        Severity::Error,
        "NextAction is missing: the flow would end here.",
        "Add it.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {}}"#,
        ),
    ),
    code(
        "missing-error-branch",
        Severity::Error,
        "Connect refuses the action without this error branch.",
        "Add it.",
        Some(
            r#"{"Identifier": "a", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "arn:aws:lambda:eu-west-2:123456789012:function:start-bot", "InvocationTimeLimitSeconds": "8"}, "Transitions": {"NextAction": "m"}}"#,
        ),
    ),
    code(
        "missing-condition",
        Severity::Error,
        "A value that the action comes to has no condition, and nothing to fall back to.",
        "Add the condition.",
        Some(
            r#"{"Identifier": "a", "Type": "CheckHoursOfOperation", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["True"]}}]}}"#,
        ),
    ),
    code(
        "unknown-error-type",
        Severity::Error,
        "No error has this type.",
        "Mend the spelling.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingEror"}]}}"#,
        ),
    ),
    code(
        "duplicate-error",
        Severity::Error,
        "An error has two branches.",
        "Take one out.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}, {"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "compare-no-matching-error",
        Severity::Error,
        "Connect refuses NoMatchingError in a Compare.",
        "Its one error branch is NoMatchingCondition.",
        Some(
            r#"{"Identifier": "a", "Type": "Compare", "Parameters": {"ComparisonValue": "$.Channel"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingCondition"}, {"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["CHAT"]}}]}}"#,
        ),
    ),
    code(
        "bad-operands",
        Severity::Error,
        "A condition has exactly one operand, and some actions take only certain ones.",
        "Write one operand, of those that are taken.",
        Some(
            r#"{"Identifier": "a", "Type": "CheckMetricData", "Parameters": {"MetricType": "NumberOfAgentsStaffed"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}, {"NextAction": "m", "ErrorType": "NoMatchingCondition"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "NumberGreaterThan", "Operands": ["1"]}}]}}"#,
        ),
    ),
    code(
        "unsupported-operator",
        Severity::Error,
        "No operator has this name, or the action does not take it.",
        "Take one of those that the hint names.",
        Some(
            r#"{"Identifier": "a", "Type": "Compare", "Parameters": {"ComparisonValue": "$.Channel"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingCondition"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Exists", "Operands": ["CHAT"]}}]}}"#,
        ),
    ),
    code(
        "impossible-condition",
        Severity::Error,
        "The action never comes to this value.",
        "Take one of its values.",
        Some(
            r#"{"Identifier": "a", "Type": "Wait", "Parameters": {"TimeLimitSeconds": "60"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["WaitComplete"]}}, {"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}]}}"#,
        ),
    ),
    code(
        "wrong-flow-type",
        Severity::Error,
        "Connect does not take this action in a flow of this type.",
        "Put it into a flow of another type.",
        Some(
            r#"{"Version": "2019-10-30", "StartAction": "a", "Metadata": {"type": "customerWhisper"}, "Actions": [{"Identifier": "a", "Type": "DisconnectParticipant"}]}"#,
        ),
    ),
    code(
        "unknown-queue",
        Severity::Error,
        "There is no such queue.",
        "Name one that exists, or say which exist: --queues.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "arn:aws:connect:eu-west-2:123456789012:instance/11111111-1111-4111-8111-111111111111/queue/22222222-2222-4222-8222-222222222222"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "unknown-function",
        Severity::Error,
        "There is no such function.",
        "Name one that exists, or say which exist: --functions.",
        Some(
            r#"{"Identifier": "a", "Type": "MessageParticipant", "Parameters": {"Text": "Hello"}, "Transitions": {"NextAction": "b"}}, {"Identifier": "b", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "arn:aws:lambda:eu-west-2:123456789012:function:start-bot", "InvocationTimeLimitSeconds": "8"}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "unknown-flow",
        Severity::Error,
        "There is no such flow or module.",
        "Name one that exists.",
        Some(
            r#"{"Identifier": "a", "Type": "TransferToFlow", "Parameters": {"ContactFlowId": "f"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "unknown-hours",
        Severity::Error,
        "There are no such hours of operation.",
        "Name some that exist.",
        Some(
            r#"{"Identifier": "a", "Type": "CheckHoursOfOperation", "Parameters": {"HoursOfOperationId": "h"}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["True"]}}, {"NextAction": "m", "Condition": {"Operator": "Equals", "Operands": ["False"]}}]}}"#,
        ),
    ),
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
        "The thresholds of a DistributeByPercentage do not grow from 1 to 101.",
        "A threshold is one more than the sum of the percentages up to it.",
        Some(
            r#"{"Identifier": "a", "Type": "DistributeByPercentage", "Parameters": {}, "Transitions": {"Errors": [{"NextAction": "m", "ErrorType": "NoMatchingCondition"}], "Conditions": [{"NextAction": "m", "Condition": {"Operator": "NumberLessThan", "Operands": ["51"]}}, {"NextAction": "m", "Condition": {"Operator": "NumberLessThan", "Operands": ["31"]}}]}}"#,
        ),
    ),
    code(
        "bot-stays",
        Severity::Warning,
        "When the time of a Wait is out, the bot is still in the chat while the flow goes on to a person or asks on.",
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
        "An action of another channel: a chat takes its error branch.",
        "Take it out, or lead its error branch on.",
        Some(
            r#"{"Identifier": "a", "Type": "StartVoiceIdStream", "Parameters": {}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
        ),
    ),
    code(
        "no-service-here",
        Severity::Warning,
        "The action needs a service of AWS that is not here: its error branch is taken.",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{Flow, Surroundings};

    #[test]
    fn every_example_has_its_code() {
        let nothing_known = Surroundings::default();
        let nothing_exists = Surroundings {
            queues: Some(Vec::new()),
            functions: Some(Vec::new()),
            flows: Some(Vec::new()),
            hours: Some(Vec::new()),
            ..Surroundings::default()
        };
        for code in CODES {
            let Some(example) = code.example_flow() else { continue };
            let about_names = code.code.starts_with("unknown-");
            let problems = Flow::check(&example, if about_names { &nothing_exists } else { &nothing_known });
            assert!(problems.iter().any(|p| p.code == code.code), "{}: {problems:#?}\n{example}", code.code);
            let worst =
                problems.iter().filter(|p| p.code == code.code).all(|p| p.severity as u8 >= code.severity as u8);
            assert!(worst, "{}: {problems:#?}", code.code);
            let refused = problems.iter().any(|p| p.severity == Severity::Error && p.code != code.code);
            assert!(!refused || code.severity == Severity::Error, "{}: {problems:#?}", code.code);
        }
    }

    #[test]
    fn no_code_stands_twice() {
        for (at, code) in CODES.iter().enumerate() {
            assert!(CODES.iter().skip(at + 1).all(|other| other.code != code.code), "{}", code.code);
        }
    }
}
