//! The table of routes: method, path pattern, and what stands behind it.

mod agent_runtime;
mod connect;

use std::{collections::HashMap, sync::LazyLock};

use axum::http::Method;

use crate::error::Service::{self, AgentRuntime, Connect, Participant};

/// What is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    StartChatContact,
    CreateParticipant,
    StartContactStreaming,
    StopContactStreaming,
    StartContactMediaProcessing,
    StopContactMediaProcessing,
    UpdateContactAttributes,
    GetContactAttributes,
    DescribeContact,
    StopContact,
    StartOutboundChatContact,
    SendChatIntegrationEvent,
    ListInstances,
    DescribeInstance,
    ListQueues,
    DescribeQueue,
    ListContactFlows,
    DescribeContactFlow,
    CreateContactFlow,
    UpdateContactFlowContent,
    UpdateContactFlowName,
    UpdateContactFlowMetadata,
    ListUsers,
    DescribeUser,
    ListRoutingProfiles,
    ListHoursOfOperations,
    DescribeHours,
    ListLambdaFunctions,
    UpdateContact,
    ListContactReferences,
    TagContact,
    UntagContact,
    TransferContact,
    UpdateContactRoutingData,
    UpdateParticipantRoleConfig,
    SearchQueues,
    SearchContactFlows,
    GetCurrentMetricData,
    SearchContacts,
    CreateParticipantConnection,
    SendMessage,
    SendEvent,
    GetTranscript,
    DisconnectParticipant,
    GetAuthenticationUrl,
    CancelParticipantAuthentication,
    StartAttachmentUpload,
    CompleteAttachmentUpload,
    GetAttachment,
    DescribeView,
    /// The signed URLs of attachments.
    AttachmentContent,
    /// The websocket whose URL `CreateParticipantConnection` gives.
    Websocket,
    InvokeAgent,
    InvokeInlineAgent,
}

/// One route.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) service: Service,
    pub(crate) method: Method,
    /// Segments in braces are labels.
    pub(crate) pattern: &'static str,
    /// The operation's name in the service model.
    pub(crate) name: &'static str,
    /// Absent: known by name, and not offered.
    pub(crate) operation: Option<Operation>,
}

/// The labels of a path, not yet decoded.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Labels(Vec<(&'static str, String)>);

impl Labels {
    /// A label's text as it stands in the path, percent-encoded.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(label, _)| *label == name).map(|(_, text)| text.as_str())
    }
}

/// What a request asks for, as the service models name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationName {
    /// `connect`, `connectparticipant` or `bedrock-agent-runtime`, as boto3 names its clients.
    pub service: &'static str,
    /// `SendMessage`.
    pub operation: &'static str,
    /// The labels of the path, still percent-encoded.
    pub labels: Vec<(&'static str, String)>,
}

/// Names a request; none: nothing of the services is at this path, or content that is no business of whoever looks on.
pub fn operation_name(method: &Method, path: &str) -> Option<OperationName> {
    let found = find(method, path);
    let (service, operation) = found.operation()?;
    let labels = if let Found::Route(_, Labels(labels)) = found { labels } else { Vec::new() };
    Some(OperationName { service, operation, labels })
}

/// Service and operation of everything that is offered.
pub(crate) fn offered_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    OFFERED.iter().map(|route| (client_name(route.service), route.name))
}

/// A route that is offered: where it is, and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferedRoute {
    /// `connect`, `connectparticipant` or `bedrock-agent-runtime`, as boto3 names its clients.
    pub service: &'static str,
    /// `SendMessage`.
    pub operation: &'static str,
    /// Its method.
    pub method: &'static Method,
    /// Its path; segments in braces are labels.
    pub pattern: &'static str,
}

/// Every operation that is offered. Addresses that operations give out are none.
pub fn offered_operations() -> impl Iterator<Item = OfferedRoute> {
    let given_out = [Operation::Websocket, Operation::AttachmentContent];
    let operations = OFFERED.iter().filter(move |route| route.operation.is_none_or(|it| !given_out.contains(&it)));
    operations.map(|Route { service, method, pattern, name, .. }| OfferedRoute {
        service: client_name(*service),
        operation: name,
        method,
        pattern,
    })
}

fn client_name(service: Service) -> &'static str {
    match service {
        Connect => "connect",
        Participant => "connectparticipant",
        AgentRuntime => "bedrock-agent-runtime",
    }
}

/// What a method and a path lead to.
#[derive(Debug)]
pub(crate) enum Found {
    Route(&'static Route, Labels),
    /// The path is known, with these other methods.
    OtherMethods(Service, Vec<&'static Method>),
    Nothing(Service),
}

impl Found {
    /// Service and operation, as the service models name them; none: nothing of the services is there, or content.
    pub(crate) fn operation(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Route(route, _) if route.operation != Some(Operation::AttachmentContent) => {
                Some((client_name(route.service), route.name))
            }
            _ => None,
        }
    }
}

#[rustfmt::skip]
static OFFERED: &[Route] = &[
    offered(Connect, Method::PUT, "/contact/chat", "StartChatContact", Operation::StartChatContact),
    offered(Connect, Method::POST, "/contact/create-participant", "CreateParticipant", Operation::CreateParticipant),
    offered(Connect, Method::POST, "/contact/start-streaming", "StartContactStreaming", Operation::StartContactStreaming),
    offered(Connect, Method::POST, "/contact/stop-streaming", "StopContactStreaming", Operation::StopContactStreaming),
    offered(Connect, Method::POST, "/contact/start-contact-media-processing", "StartContactMediaProcessing", Operation::StartContactMediaProcessing),
    offered(Connect, Method::POST, "/contact/stop-contact-media-processing", "StopContactMediaProcessing", Operation::StopContactMediaProcessing),
    offered(Connect, Method::POST, "/contact/attributes", "UpdateContactAttributes", Operation::UpdateContactAttributes),
    offered(Connect, Method::GET, "/contact/attributes/{InstanceId}/{InitialContactId}", "GetContactAttributes", Operation::GetContactAttributes),
    offered(Connect, Method::GET, "/contacts/{InstanceId}/{ContactId}", "DescribeContact", Operation::DescribeContact),
    offered(Connect, Method::POST, "/contact/stop", "StopContact", Operation::StopContact),
    offered(Connect, Method::PUT, "/contact/outbound-chat", "StartOutboundChatContact", Operation::StartOutboundChatContact),
    offered(Connect, Method::POST, "/chat-integration-event", "SendChatIntegrationEvent", Operation::SendChatIntegrationEvent),
    offered(Connect, Method::GET, "/instance", "ListInstances", Operation::ListInstances),
    offered(Connect, Method::GET, "/instance/{InstanceId}", "DescribeInstance", Operation::DescribeInstance),
    offered(Connect, Method::GET, "/queues-summary/{InstanceId}", "ListQueues", Operation::ListQueues),
    offered(Connect, Method::GET, "/queues/{InstanceId}/{QueueId}", "DescribeQueue", Operation::DescribeQueue),
    offered(Connect, Method::GET, "/contact-flows-summary/{InstanceId}", "ListContactFlows", Operation::ListContactFlows),
    offered(Connect, Method::GET, "/contact-flows/{InstanceId}/{ContactFlowId}", "DescribeContactFlow", Operation::DescribeContactFlow),
    offered(Connect, Method::PUT, "/contact-flows/{InstanceId}", "CreateContactFlow", Operation::CreateContactFlow),
    offered(Connect, Method::POST, "/contact-flows/{InstanceId}/{ContactFlowId}/content", "UpdateContactFlowContent", Operation::UpdateContactFlowContent),
    offered(Connect, Method::POST, "/contact-flows/{InstanceId}/{ContactFlowId}/name", "UpdateContactFlowName", Operation::UpdateContactFlowName),
    offered(Connect, Method::POST, "/contact-flows/{InstanceId}/{ContactFlowId}/metadata", "UpdateContactFlowMetadata", Operation::UpdateContactFlowMetadata),
    offered(Connect, Method::GET, "/users-summary/{InstanceId}", "ListUsers", Operation::ListUsers),
    offered(Connect, Method::GET, "/users/{InstanceId}/{UserId}", "DescribeUser", Operation::DescribeUser),
    offered(Connect, Method::GET, "/routing-profiles-summary/{InstanceId}", "ListRoutingProfiles", Operation::ListRoutingProfiles),
    offered(Connect, Method::GET, "/hours-of-operations-summary/{InstanceId}", "ListHoursOfOperations", Operation::ListHoursOfOperations),
    offered(Connect, Method::GET, "/hours-of-operations/{InstanceId}/{HoursOfOperationId}", "DescribeHoursOfOperation", Operation::DescribeHours),
    offered(Connect, Method::GET, "/instance/{InstanceId}/lambda-functions", "ListLambdaFunctions", Operation::ListLambdaFunctions),
    offered(Connect, Method::POST, "/contacts/{InstanceId}/{ContactId}", "UpdateContact", Operation::UpdateContact),
    offered(Connect, Method::GET, "/contact/references/{InstanceId}/{ContactId}", "ListContactReferences", Operation::ListContactReferences),
    offered(Connect, Method::POST, "/contact/tags", "TagContact", Operation::TagContact),
    offered(Connect, Method::DELETE, "/contact/tags/{InstanceId}/{ContactId}", "UntagContact", Operation::UntagContact),
    offered(Connect, Method::POST, "/contact/transfer", "TransferContact", Operation::TransferContact),
    offered(Connect, Method::POST, "/contacts/{InstanceId}/{ContactId}/routing-data", "UpdateContactRoutingData", Operation::UpdateContactRoutingData),
    offered(Connect, Method::PUT, "/contact/participant-role-config/{InstanceId}/{ContactId}", "UpdateParticipantRoleConfig", Operation::UpdateParticipantRoleConfig),
    offered(Connect, Method::POST, "/search-queues", "SearchQueues", Operation::SearchQueues),
    offered(Connect, Method::POST, "/search-contact-flows", "SearchContactFlows", Operation::SearchContactFlows),
    offered(Connect, Method::POST, "/metrics/current/{InstanceId}", "GetCurrentMetricData", Operation::GetCurrentMetricData),
    offered(Connect, Method::POST, "/search-contacts", "SearchContacts", Operation::SearchContacts),
    offered(Participant, Method::POST, "/participant/connection", "CreateParticipantConnection", Operation::CreateParticipantConnection),
    offered(Participant, Method::POST, "/participant/message", "SendMessage", Operation::SendMessage),
    offered(Participant, Method::POST, "/participant/event", "SendEvent", Operation::SendEvent),
    offered(Participant, Method::POST, "/participant/transcript", "GetTranscript", Operation::GetTranscript),
    offered(Participant, Method::POST, "/participant/disconnect", "DisconnectParticipant", Operation::DisconnectParticipant),
    offered(Participant, Method::POST, "/participant/authentication-url", "GetAuthenticationUrl", Operation::GetAuthenticationUrl),
    offered(Participant, Method::POST, "/participant/cancel-authentication", "CancelParticipantAuthentication", Operation::CancelParticipantAuthentication),
    offered(Participant, Method::POST, "/participant/start-attachment-upload", "StartAttachmentUpload", Operation::StartAttachmentUpload),
    offered(Participant, Method::POST, "/participant/complete-attachment-upload", "CompleteAttachmentUpload", Operation::CompleteAttachmentUpload),
    offered(Participant, Method::POST, "/participant/attachment", "GetAttachment", Operation::GetAttachment),
    offered(Participant, Method::GET, "/participant/views/{ViewToken}", "DescribeView", Operation::DescribeView),
    offered(Participant, Method::PUT, "/participant/attachments/{ContactId}/{AttachmentId}", "PutAttachmentContent", Operation::AttachmentContent),
    offered(Participant, Method::GET, "/participant/attachments/{ContactId}/{AttachmentId}", "GetAttachmentContent", Operation::AttachmentContent),
    offered(Participant, Method::GET, "/participant/websocket", "Websocket", Operation::Websocket),
    offered(AgentRuntime, Method::POST, "/agents/{agentId}/agentAliases/{agentAliasId}/sessions/{sessionId}/text", "InvokeAgent", Operation::InvokeAgent),
    offered(AgentRuntime, Method::POST, "/agents/{sessionId}", "InvokeInlineAgent", Operation::InvokeInlineAgent),
];

/// Every route, the offered ones first.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    OFFERED.iter().chain(connect::NOT_OFFERED).chain(agent_runtime::NOT_OFFERED)
}

/// Finds the route of a request.
pub(crate) fn find(method: &Method, path: &str) -> Found {
    let mut others: Option<(Service, Vec<&'static Method>)> = None;
    for route in BY_FIRST_SEGMENT.get(first_segment(path)).into_iter().flatten().copied() {
        let Some(labels) = matches(route.pattern, path) else { continue };
        if route.method == method {
            return Found::Route(route, labels);
        }
        others.get_or_insert((route.service, Vec::new())).1.push(&route.method);
    }
    match others {
        Some((service, methods)) => Found::OtherMethods(service, methods),
        None => Found::Nothing(service_of(path)),
    }
}

/// Each request is looked for twice, among a few hundred patterns. None of them begins with a label.
static BY_FIRST_SEGMENT: LazyLock<HashMap<&'static str, Vec<&'static Route>>> = LazyLock::new(|| {
    let mut found = HashMap::<_, Vec<_>>::new();
    for route in all() {
        found.entry(first_segment(route.pattern)).or_default().push(route);
    }
    found
});

fn first_segment(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// The service that would answer for a path nobody knows.
pub(crate) fn service_of(path: &str) -> Service {
    let first = first_segment(path);
    if first == "participant" {
        return Participant;
    }
    let agents = agent_runtime::NOT_OFFERED.iter().any(|route| {
        let segment = first_segment(route.pattern);
        segment == first && segment != "tags"
    });
    if agents { AgentRuntime } else { Connect }
}

const fn offered(
    service: Service,
    method: Method,
    pattern: &'static str,
    name: &'static str,
    operation: Operation,
) -> Route {
    Route { service, method, pattern, name, operation: Some(operation) }
}

const fn not_offered(service: Service, method: Method, pattern: &'static str, name: &'static str) -> Route {
    Route { service, method, pattern, name, operation: None }
}

fn matches(pattern: &'static str, path: &str) -> Option<Labels> {
    let mut labels = Vec::new();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let actual = segments.next()?;
        match expected.strip_prefix('{').and_then(|label| label.strip_suffix('}')) {
            Some(label) if !actual.is_empty() => labels.push((label, actual.to_owned())),
            None if expected == actual => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(Labels(labels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_cut_out_and_never_empty() {
        let Found::Route(route, labels) = find(&Method::GET, "/contacts/i/c%2Fd") else { panic!("no route") };
        assert_eq!(route.name, "DescribeContact");
        assert_eq!((labels.get("InstanceId"), labels.get("ContactId")), (Some("i"), Some("c%2Fd")));
        assert!(matches!(find(&Method::GET, "/contacts/i/"), Found::Nothing(Connect)));
        assert!(matches!(find(&Method::GET, "/contacts/i/c/d/e/f"), Found::Nothing(Connect)));
    }

    #[test]
    fn a_known_path_tells_its_methods() {
        let Found::OtherMethods(Connect, methods) = find(&Method::DELETE, "/contact/chat") else { panic!("other") };
        assert_eq!(methods, [&Method::PUT]);
    }

    #[test]
    fn unknown_paths_belong_to_a_service() {
        assert_eq!(service_of("/participant/nothing"), Participant);
        assert_eq!(service_of("/agents/a/b"), AgentRuntime);
        assert_eq!(service_of("/retrieveAndGenerate/x"), AgentRuntime);
        assert_eq!(service_of("/"), Connect);
    }

    /// What the page says of the operations is held against the table: every one that is offered, and no other.
    #[test]
    fn the_page_names_what_is_offered() {
        let page = include_str!("../../../docs/local-centre.md");
        let (offered, rest) = page.split_once("## Not offered").unwrap();
        let (_, offered) = offered.split_once("## Offered").unwrap();
        let first_cells = offered.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
        let mut named: Vec<&str> = first_cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        let mut known: Vec<&str> = offered_operations().map(|route| route.operation).collect();
        named.retain(|name| *name != "bedrock-agent-runtime");
        named.sort_unstable();
        known.sort_unstable();
        assert_eq!(named, known);
        let (not_offered, _) = rest.split_once("\n## ").unwrap();
        for name in not_offered.split('`').skip(1).step_by(2) {
            let route = all().find(|route| route.name == name).unwrap_or_else(|| panic!("{name} is no operation"));
            assert!(route.operation.is_none(), "{name} is offered");
        }
    }

    #[test]
    fn no_route_hides_another() {
        let routes: Vec<_> = all().collect();
        for route in &routes {
            let path = route.pattern.replace('{', "x").replace('}', "");
            let Found::Route(found, _) = find(&route.method, &path) else { panic!("{} is lost", route.name) };
            // TagResource and its kin stand at the same path in two services.
            assert!(found.name == route.name, "{} hides {}", found.name, route.name);
        }
    }
}
