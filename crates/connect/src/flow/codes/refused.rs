//! What refuses a flow.

use super::{Code, code};
use crate::flow::Severity;

/// Errors.
pub(super) const CODES: &[Code] = &[
    code(
        "syntax",
        Severity::Error,
        "The text is no JSON.",
        "Mend it where the line says.",
        Some(r#"{"Version": "2019-10-30",}"#),
    ),
    code(
        "not-a-flow",
        Severity::Error,
        "The file is something else than a flow in the flow language.",
        "Export the flow from the console, or take its Content.",
        Some(
            r#"{"modules": [{"id": "1", "type": "PlayPrompt"}], "version": "1", "type": "contactFlow", "start": "1"}"#,
        ),
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
        "Take one within it.",
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
        "not-static",
        Severity::Error,
        "AWS's page takes no JSONPath here.",
        "Write the value itself.",
        Some(
            r#"{"Identifier": "a", "Type": "UpdateContactMediaProcessing", "Parameters": {"ChatProcessor": {"ProcessingEnabled": "True", "LambdaProcessorARN": "$.Attributes.processor"}}, "Transitions": {"NextAction": "m", "Errors": [{"NextAction": "m", "ErrorType": "NoMatchingError"}]}}"#,
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
        "AWS's pages do not take this action in a flow of this type.",
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
];
