//! Every route of `bedrock-agent-runtime` (API version 2023-07-26) that Relevo knows by name and does not offer.

use axum::http::Method;

use super::{Route, not_offered};
use crate::error::Service::AgentRuntime;

/// Method, path and operation, in the order of the paths.
#[rustfmt::skip]
pub(super) static NOT_OFFERED: &[Route] = &[
    not_offered(AgentRuntime, Method::POST, "/agenticRetrieveStream", "AgenticRetrieveStream"),
    not_offered(AgentRuntime, Method::DELETE, "/agents/{agentId}/agentAliases/{agentAliasId}/memories", "DeleteAgentMemory"),
    not_offered(AgentRuntime, Method::GET, "/agents/{agentId}/agentAliases/{agentAliasId}/memories", "GetAgentMemory"),
    not_offered(AgentRuntime, Method::POST, "/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}", "InvokeFlow"),
    not_offered(AgentRuntime, Method::POST, "/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions", "StartFlowExecution"),
    not_offered(AgentRuntime, Method::GET, "/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}", "GetFlowExecution"),
    not_offered(AgentRuntime, Method::GET, "/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/events", "ListFlowExecutionEvents"),
    not_offered(AgentRuntime, Method::GET, "/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/flowsnapshot", "GetExecutionFlowSnapshot"),
    not_offered(AgentRuntime, Method::POST, "/flows/{flowIdentifier}/aliases/{flowAliasIdentifier}/executions/{executionIdentifier}/stop", "StopFlowExecution"),
    not_offered(AgentRuntime, Method::GET, "/flows/{flowIdentifier}/executions", "ListFlowExecutions"),
    not_offered(AgentRuntime, Method::POST, "/generateQuery", "GenerateQuery"),
    not_offered(AgentRuntime, Method::POST, "/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/check-ingested-document-acl", "CheckIngestedDocumentAcl"),
    not_offered(AgentRuntime, Method::POST, "/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents/{documentId}/content", "GetDocumentContent"),
    not_offered(AgentRuntime, Method::POST, "/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/get-ingested-document-acl", "GetIngestedDocumentAcl"),
    not_offered(AgentRuntime, Method::POST, "/knowledgebases/{knowledgeBaseId}/retrieve", "Retrieve"),
    not_offered(AgentRuntime, Method::POST, "/optimize-prompt", "OptimizePrompt"),
    not_offered(AgentRuntime, Method::POST, "/rerank", "Rerank"),
    not_offered(AgentRuntime, Method::POST, "/retrieveAndGenerate", "RetrieveAndGenerate"),
    not_offered(AgentRuntime, Method::POST, "/retrieveAndGenerateStream", "RetrieveAndGenerateStream"),
    not_offered(AgentRuntime, Method::POST, "/sessions", "ListSessions"),
    not_offered(AgentRuntime, Method::PUT, "/sessions", "CreateSession"),
    not_offered(AgentRuntime, Method::DELETE, "/sessions/{sessionIdentifier}", "DeleteSession"),
    not_offered(AgentRuntime, Method::GET, "/sessions/{sessionIdentifier}", "GetSession"),
    not_offered(AgentRuntime, Method::PATCH, "/sessions/{sessionIdentifier}", "EndSession"),
    not_offered(AgentRuntime, Method::PUT, "/sessions/{sessionIdentifier}", "UpdateSession"),
    not_offered(AgentRuntime, Method::POST, "/sessions/{sessionIdentifier}/invocationSteps", "ListInvocationSteps"),
    not_offered(AgentRuntime, Method::PUT, "/sessions/{sessionIdentifier}/invocationSteps", "PutInvocationStep"),
    not_offered(AgentRuntime, Method::POST, "/sessions/{sessionIdentifier}/invocationSteps/{invocationStepId}", "GetInvocationStep"),
    not_offered(AgentRuntime, Method::POST, "/sessions/{sessionIdentifier}/invocations", "ListInvocations"),
    not_offered(AgentRuntime, Method::PUT, "/sessions/{sessionIdentifier}/invocations", "CreateInvocation"),
    not_offered(AgentRuntime, Method::DELETE, "/tags/{resourceArn}", "UntagResource"),
    not_offered(AgentRuntime, Method::GET, "/tags/{resourceArn}", "ListTagsForResource"),
    not_offered(AgentRuntime, Method::POST, "/tags/{resourceArn}", "TagResource"),
];
