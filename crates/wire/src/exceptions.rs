//! Which exceptions an operation can answer, and their status: the error lists of the service models.
//!
//! Names stand without the `Exception` that all of them end with.

use axum::http::StatusCode;

/// An exception of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    name: &'static str,
    status: u16,
}

impl Exception {
    /// Its whole name: `ThrottlingException`.
    pub fn name(self) -> String {
        format!("{}Exception", self.name)
    }

    /// Whether this is its whole name.
    pub fn is_named(self, name: &str) -> bool {
        name.strip_suffix("Exception") == Some(self.name)
    }

    /// Its HTTP status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Whether the caller was too fast, or there are too many.
    pub fn is_throttle(self) -> bool {
        self.status == 429
    }
}

/// Everything that the operation can answer in place of a result. The throttle is among it: the operations of Connect that
/// have no `ThrottlingException` in their model are throttled by the gateway before them.
pub fn exceptions(service: &str, operation: &str) -> Vec<Exception> {
    let listed = listed(service, operation).split(' ');
    let mut all: Vec<Exception> = listed.map(|name| Exception { name, status: status(service, name) }).collect();
    let throttle = throttle(service, operation);
    if !all.contains(&throttle) {
        all.push(throttle);
    }
    all
}

/// What a caller that is too fast is told. `StartChatContact` documents `TooManyRequests` for its rate, as the gateway
/// answers it; `LimitExceededException` there is the count of chats.
pub fn throttle(service: &str, operation: &str) -> Exception {
    let name = match service {
        "sns" => return Exception { name: "Throttled", status: 429 },
        "lambda" => "TooManyRequests",
        _ if listed(service, operation).split(' ').any(|name| name == "Throttling") => "Throttling",
        _ => "TooManyRequests",
    };
    Exception { name, status: 429 }
}

fn listed(service: &str, operation: &str) -> &'static str {
    let (table, otherwise): (&[(&str, &str)], &str) = match service {
        "connect" => (CONNECT, "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling"),
        "connectparticipant" => (PARTICIPANT, "AccessDenied Validation InternalServer Throttling"),
        "bedrock-agent-runtime" => (&[], AGENT_RUNTIME),
        "lambda" => (&[], LAMBDA),
        _ => (&[], SNS),
    };
    let found = table.iter().find(|(operations, _)| operations.split(' ').any(|one| one == operation));
    found.map_or(otherwise, |(_, names)| names)
}

fn status(service: &str, name: &str) -> u16 {
    match (name, service) {
        ("ServiceQuotaExceeded", "bedrock-agent-runtime") => 400,
        ("ServiceQuotaExceeded", _) => 402,
        ("AccessDenied" | "OutboundContactNotPermitted" | "AuthorizationError", _) => 403,
        ("ResourceNotFound" | "ContactFlowNotPublished" | "OutputTypeNotFound" | "NotFound", _) => 404,
        (
            "Conflict"
            | "ResourceConflict"
            | "DuplicateResource"
            | "Idempotency"
            | "ConditionalOperationFailed"
            | "ResourceInUse"
            | "ContactNotTerminated",
            _,
        ) => 409,
        ("ContactNotFound", _) => 410,
        ("RequestTooLarge", _) => 413,
        ("DependencyFailed" | "ModelNotReady", _) => 424,
        ("LimitExceeded" | "Throttling" | "TooManyRequests" | "Throttled", _) => 429,
        ("InternalService" | "InternalServer" | "InternalError" | "Service", _) => 500,
        ("BadGateway" | "EC2Unexpected" | "ResourceNotReady", _) => 502,
        _ => 400,
    }
}

const AGENT_RUNTIME: &str = "Validation AccessDenied ResourceNotFound Conflict ServiceQuotaExceeded Throttling \
                             InternalServer DependencyFailed BadGateway ModelNotReady";
/// Of the many of Lambda's `Invoke`, those that a caller meets.
const LAMBDA: &str = "TooManyRequests Service ResourceNotFound InvalidRequestContent RequestTooLarge ResourceConflict \
                      ResourceNotReady EC2Unexpected";
const SNS: &str = "InternalError NotFound AuthorizationError InvalidParameter Throttled";

#[rustfmt::skip]
const PARTICIPANT: &[(&str, &str)] = &[
    ("SendEvent", "AccessDenied Validation Conflict InternalServer Throttling"),
    ("DescribeView", "AccessDenied Validation ResourceNotFound InternalServer Throttling"),
    ("StartAttachmentUpload", "AccessDenied Validation ServiceQuotaExceeded InternalServer Throttling"),
    ("CompleteAttachmentUpload", "AccessDenied Validation ServiceQuotaExceeded Conflict InternalServer Throttling"),
];

/// Operations of chats, flows and queues, with what they can answer; the others answer what most do.
#[rustfmt::skip]
const CONNECT: &[(&str, &str)] = &[
    ("AssociateContactWithUser CreatePersistentContactAssociation DeleteContactFlow DeleteContactFlowAlias DeleteContactFlowModule DeleteContactFlowModuleVersion DeleteContactFlowVersion DescribeContactFlowAlias DescribeContactFlowModule DescribeMetric DismissUserContact GetContactMetrics ListContactFlowAliases ListContactFlowModuleVersions ListContactFlowModules ListContactFlowVersions ListMetrics PutUserStatus UpdateMetricContent UpdateParticipantRoleConfig", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied"),
    ("AssociateHoursOfOperations", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling ConditionalOperationFailed ServiceQuotaExceeded"),
    ("AssociatePhoneNumberContactFlow DescribeAttachedFilesConfiguration DisassociatePhoneNumberContactFlow ListAttachedFilesConfigurations UpdateAttachedFilesConfiguration", "InvalidParameter ResourceNotFound InternalService Throttling AccessDenied"),
    ("AssociateQueueQuickConnects UpdateContactSchedule", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling LimitExceeded"),
    ("BatchGetAttachedFileMetadata CompleteAttachedFileUpload DeleteAttachedFile GetAttachedFile SendChatIntegrationEvent", "InvalidRequest ResourceNotFound InternalService Throttling AccessDenied"),
    ("BatchPutContact", "InvalidRequest ResourceNotFound InternalService AccessDenied Idempotency LimitExceeded"),
    ("CreateAttachedFile StartAttachedFileUpload", "InvalidRequest InternalService Throttling AccessDenied ResourceConflict ServiceQuotaExceeded"),
    ("CreateContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied Conflict Idempotency ServiceQuotaExceeded"),
    ("CreateContactFlow", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling DuplicateResource InvalidContactFlow LimitExceeded"),
    ("CreateContactFlowAlias CreateMetric", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied DuplicateResource LimitExceeded"),
    ("CreateContactFlowModule", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied DuplicateResource Idempotency InvalidContactFlowModule LimitExceeded"),
    ("CreateContactFlowModuleVersion CreateContactFlowVersion StartAssistantContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied LimitExceeded"),
    ("CreateHoursOfOperation", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling DuplicateResource LimitExceeded ServiceQuotaExceeded"),
    ("CreateHoursOfOperationOverride CreateQueue", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling DuplicateResource LimitExceeded"),
    ("CreateParticipant", "InvalidRequest ResourceNotFound InternalService Throttling Conflict ServiceQuotaExceeded"),
    ("DeleteContactData", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling ContactNotTerminated"),
    ("DeleteMetric", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied ResourceInUse"),
    ("DeleteQueue", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling ResourceInUse"),
    ("DescribeContactFlow", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling ContactFlowNotPublished"),
    ("DescribeInstance GetContactAttributes", "InvalidRequest ResourceNotFound InternalService"),
    ("DescribeView ListViews", "InvalidParameter InvalidRequest ResourceNotFound InternalService AccessDenied TooManyRequests"),
    ("DisassociateHoursOfOperations", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling ConditionalOperationFailed"),
    ("ListInstances", "InvalidRequest InternalService"),
    ("ListRealtimeContactAnalysisSegmentsV2", "InvalidRequest ResourceNotFound InternalService Throttling AccessDenied OutputTypeNotFound"),
    ("MonitorContact TransferContact", "InvalidRequest ResourceNotFound InternalService Throttling AccessDenied Idempotency ServiceQuotaExceeded"),
    ("PauseContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied Conflict LimitExceeded"),
    ("ResumeContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied Conflict"),
    ("ResumeContactRecording StopContactRecording SuspendContactRecording", "InvalidRequest ResourceNotFound InternalService InvalidActiveRegion"),
    ("StartChatContact StartContactStreaming", "InvalidParameter InvalidRequest ResourceNotFound InternalService LimitExceeded"),
    ("StartContactConversationalAnalyticsJob", "InvalidRequest ResourceNotFound InternalService Throttling AccessDenied Idempotency"),
    ("StartContactMediaProcessing", "InvalidParameter InvalidRequest ResourceNotFound InternalService AccessDenied LimitExceeded ServiceQuotaExceeded"),
    ("StartContactRecording UpdateContactAttributes", "InvalidParameter InvalidRequest ResourceNotFound InternalService InvalidActiveRegion"),
    ("StartOutboundChatContact", "InvalidRequest ResourceNotFound InternalService Throttling AccessDenied Conflict LimitExceeded"),
    ("StartTaskContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling ServiceQuotaExceeded"),
    ("StopContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService ContactNotFound InvalidActiveRegion"),
    ("StopContactMediaProcessing", "InvalidParameter InvalidRequest ResourceNotFound InternalService AccessDenied LimitExceeded"),
    ("StopContactStreaming", "InvalidParameter InvalidRequest ResourceNotFound InternalService"),
    ("TagContact UntagContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling InvalidActiveRegion"),
    ("UpdateContact", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied Conflict InvalidActiveRegion"),
    ("UpdateContactFlowAlias", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied ConditionalOperationFailed DuplicateResource"),
    ("UpdateContactFlowContent", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling InvalidContactFlow"),
    ("UpdateContactFlowMetadata UpdateContactFlowName UpdateHoursOfOperation UpdateQueueName", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling DuplicateResource"),
    ("UpdateContactFlowModuleContent", "InvalidRequest ResourceNotFound InternalService Throttling AccessDenied InvalidContactFlowModule"),
    ("UpdateContactFlowModuleMetadata UpdateMetricMetadata", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling AccessDenied DuplicateResource"),
    ("UpdateContactRoutingData", "InvalidParameter ResourceNotFound InternalService Throttling AccessDenied InvalidActiveRegion ResourceConflict"),
    ("UpdateContactTaskTemplate", "InvalidRequest ResourceNotFound InternalService AccessDenied LimitExceeded PropertyValidation ServiceQuotaExceeded"),
    ("UpdateHoursOfOperationOverride", "InvalidParameter InvalidRequest ResourceNotFound InternalService Throttling ConditionalOperationFailed DuplicateResource"),
    ("UpdateParticipantAuthentication", "InvalidParameter InvalidRequest InternalService Throttling AccessDenied Conflict"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_what_its_model_lists_and_a_throttle() {
        let names = |service, operation| -> Vec<String> {
            exceptions(service, operation).into_iter().map(Exception::name).collect()
        };
        assert_eq!(
            names("connectparticipant", "SendMessage"),
            ["AccessDeniedException", "ValidationException", "InternalServerException", "ThrottlingException"]
        );
        assert!(names("connectparticipant", "SendEvent").contains(&"ConflictException".to_owned()));
        assert!(names("connect", "StartChatContact").contains(&"TooManyRequestsException".to_owned()));
        assert!(!names("connect", "StartChatContact").contains(&"ThrottlingException".to_owned()));
        for (service, operation, throttle_name) in [
            ("connect", "StartChatContact", "TooManyRequestsException"),
            ("connect", "CreateParticipant", "ThrottlingException"),
            ("connect", "DescribeContact", "ThrottlingException"),
            ("connectparticipant", "SendMessage", "ThrottlingException"),
            ("bedrock-agent-runtime", "InvokeAgent", "ThrottlingException"),
            ("lambda", "Invoke", "TooManyRequestsException"),
            ("sns", "Publish", "ThrottledException"),
        ] {
            let throttle = throttle(service, operation);
            assert_eq!((throttle.name().as_str(), throttle.status().as_u16()), (throttle_name, 429), "{operation}");
        }
    }

    #[test]
    fn statuses_are_those_of_the_models() {
        let status_of = |service, operation, name: &str| {
            exceptions(service, operation).into_iter().find(|it| it.name() == name).map(|it| it.status().as_u16())
        };
        assert_eq!(status_of("connect", "CreateParticipant", "ServiceQuotaExceededException"), Some(402));
        assert_eq!(status_of("bedrock-agent-runtime", "InvokeAgent", "ServiceQuotaExceededException"), Some(400));
        assert_eq!(status_of("bedrock-agent-runtime", "InvokeAgent", "ModelNotReadyException"), Some(424));
        assert_eq!(status_of("connect", "StopContact", "ContactNotFoundException"), Some(410));
        assert_eq!(status_of("connect", "StopContact", "InternalServiceException"), Some(500));
        assert_eq!(status_of("connect", "StopContact", "ConflictException"), None);
    }
}
