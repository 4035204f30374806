//! A good request for each operation, in a world that has what it asks for: where the fuzzed ones begin.

use relevo_wire::{OfferedRoute, offered_operations};
use serde_json::{Value, json};

use crate::support::{FLOW, INSTANCE, PROCESSOR, Reply, Server, TOPIC, request, start_chat};

/// A phone number of the centre.
const NUMBER: &str = "arn:aws:connect:us-east-1:123456789012:phone-number/1";

/// A server, and in it a chat with all that operations name.
pub(crate) struct World {
    server: Server,
    agent_id: String,
    contact_id: String,
    participant_token: String,
    connection_token: String,
    streaming_id: String,
    attachment_id: String,
    flow_id: String,
}

/// A request that is still taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) token: String,
    pub(crate) body: Vec<u8>,
}

impl World {
    /// Begins a chat in the server, whose agents have this id.
    pub(crate) async fn begin(server: &Server, agent_id: &str) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let chat = server.start_chat().await;
        let (contact_id, participant_token) = (text(&chat["ContactId"]), text(&chat["ParticipantToken"]));
        let types = json!({"Type": ["CONNECTION_CREDENTIALS"]});
        let made = server.call("POST", "/participant/connection", &participant_token, &types).await.ok();
        let connection_token = text(&made["ConnectionCredentials"]["ConnectionToken"]);
        let stream = json!({"InstanceId": INSTANCE, "ContactId": contact_id, "ClientToken": "t",
            "ChatStreamingConfiguration": {"StreamingEndpointArn": TOPIC}});
        let stream = server.call("POST", "/contact/start-streaming", "", &stream).await.ok();
        let upload = upload();
        let begun = server.call("POST", "/participant/start-attachment-upload", &connection_token, &upload).await.ok();
        let flow = json!({"Name": contact_id, "Type": "CONTACT_FLOW", "Content": FLOW_CONTENT});
        let made = server.call("PUT", &format!("/contact-flows/{INSTANCE}"), "", &flow).await.ok();
        let bill = json!({"References": {"order": {"Type": "URL", "Value": "https://example.com/1"}}});
        server.call("POST", &format!("/contacts/{INSTANCE}/{contact_id}"), "", &bill).await.ok();
        Self {
            server: server.clone(),
            agent_id: agent_id.to_owned(),
            flow_id: text(&made["ContactFlowId"]),
            contact_id,
            participant_token,
            connection_token,
            streaming_id: text(&stream["StreamingId"]),
            attachment_id: text(&begun["AttachmentId"]),
        }
    }

    /// Whether the chat has ended.
    pub(crate) async fn is_over(&self) -> bool {
        let path = format!("/contacts/{INSTANCE}/{}", self.contact_id);
        let contact = self.server.call("GET", &path, "", &Value::Null).await.ok();
        contact["Contact"].get("DisconnectTimestamp").is_some()
    }

    /// The path of a route with the labels of this world.
    pub(crate) fn path(&self, route: OfferedRoute) -> String {
        let labels = [
            ("{InstanceId}", INSTANCE),
            ("{ContactId}", &self.contact_id),
            ("{InitialContactId}", &self.contact_id),
            ("{ContactFlowId}", &self.flow_id),
            ("{agentId}", &self.agent_id),
            ("{agentAliasId}", "TSTALIASID"),
            ("{QueueId}", "33333333-3333-4333-8333-333333333333"),
        ];
        let path = labels.iter().fold(route.pattern.to_owned(), |path, (label, value)| path.replace(label, value));
        // Labels of what this world does not have.
        let path = path.replace(['{', '}'], "");
        match route.operation {
            "ListContactReferences" => path + "?referenceTypes=URL",
            "UntagContact" => path + "?TagKeys=a",
            _ => path,
        }
    }

    /// The token that the operation takes; empty: none.
    pub(crate) fn token(&self, route: OfferedRoute) -> &str {
        match (route.service, route.operation) {
            ("connectparticipant", "CreateParticipantConnection") => &self.participant_token,
            ("connectparticipant", _) => &self.connection_token,
            _ => "",
        }
    }

    /// A good body; an operation that is not named here has the members of all that are.
    pub(crate) fn body(&self, route: OfferedRoute) -> Value {
        self.known_body(route.operation).unwrap_or_else(|| {
            let bodies = offered_operations().filter_map(|route| self.known_body(route.operation));
            let members = bodies.filter_map(|body| body.as_object().cloned()).flatten();
            Value::Object(members.collect())
        })
    }

    fn known_body(&self, operation: &str) -> Option<Value> {
        let contact = json!({"InstanceId": INSTANCE, "ContactId": self.contact_id});
        let with = |more: Value| {
            let members = [contact.clone(), more].into_iter().filter_map(|body| body.as_object().cloned()).flatten();
            Value::Object(members.collect())
        };
        let search = |word: Value| {
            let name = json!({"StringCondition": {"FieldName": "name", "Value": "e", "ComparisonType": "CONTAINS"}});
            json!({"InstanceId": INSTANCE, "MaxResults": 10, "SearchCriteria": {"OrConditions": [name, word]}})
        };
        let session = json!({"SessionId": "0".repeat(36), "RedirectUri": "https://example.com"});
        Some(match operation {
            "StartChatContact" => {
                let mut chat = start_chat();
                let more = json!({
                    "Attributes": {"a": "b"}, "ClientToken": "c", "CustomerId": "x", "ChatDurationInMinutes": 60,
                    "InitialMessage": {"ContentType": "text/plain", "Content": "hello"},
                    "SegmentAttributes": {"connect:Subtype": {"ValueString": "connect:Guide"}},
                    "SupportedMessagingContentTypes": [
                        "text/plain",
                        "application/vnd.amazonaws.connect.message.interactive",
                        "application/vnd.amazonaws.connect.message.interactive.response",
                    ],
                    "ConnectionTypes": ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
                    "ChatStreamingConfiguration": {"StreamingEndpointArn": TOPIC},
                });
                chat.as_object_mut()?.extend(more.as_object()?.clone());
                chat
            }
            "CreateParticipant" => {
                with(json!({"ParticipantDetails": {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Bot"}}))
            }
            "StartContactStreaming" => {
                with(json!({"ChatStreamingConfiguration": {"StreamingEndpointArn": TOPIC}, "ClientToken": "u"}))
            }
            "StartContactMediaProcessing" => {
                with(json!({"ProcessorArn": PROCESSOR, "FailureMode": "DELIVER_UNPROCESSED_MESSAGE"}))
            }
            "StopContactMediaProcessing" => with(json!({})),
            "StopContactStreaming" => with(json!({"StreamingId": self.streaming_id})),
            "UpdateContactAttributes" => {
                json!({"InstanceId": INSTANCE, "InitialContactId": self.contact_id, "Attributes": {"a": "b"}})
            }
            "StopContact" => with(json!({"DisconnectReason": {"Code": "OTHERS"}})),
            "StartOutboundChatContact" => json!({
                "InstanceId": INSTANCE, "ContactFlowId": FLOW, "ClientToken": self.contact_id,
                "SourceEndpoint": {"Type": "CONNECT_PHONENUMBER_ARN", "Address": format!("{NUMBER}-{}", self.contact_id)},
                "DestinationEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+34600000000"},
                "SegmentAttributes": {"connect:Subtype": {"ValueString": "connect:SMS"}}, "Attributes": {"a": "b"},
                "InitialSystemMessage": {"ContentType": "text/plain", "Content": "hello"},
                "ParticipantDetails": {"DisplayName": "Ana"}, "ChatDurationInMinutes": 60,
                "SupportedMessagingContentTypes": ["text/plain"],
            }),
            "SendChatIntegrationEvent" => json!({
                "SourceId": "+34600000001", "DestinationId": NUMBER, "Subtype": "connect:SMS",
                "Event": {"Type": "MESSAGE", "ContentType": "text/plain", "Content": "hello"},
                "NewSessionDetails": {
                    "Attributes": {"a": "b"}, "ParticipantDetails": {"DisplayName": "Ana"},
                    "StreamingConfiguration": {"StreamingEndpointArn": TOPIC},
                    "SupportedMessagingContentTypes": ["text/plain"],
                },
            }),
            "CreateContactFlow" => {
                let name = format!("a copy {}", self.contact_id);
                json!({"Name": name, "Type": "CONTACT_FLOW", "Content": FLOW_CONTENT, "Tags": {"a": "b"}})
            }
            "UpdateContactFlowContent" => json!({"Content": FLOW_CONTENT}),
            "UpdateContactFlowName" => json!({"Name": format!("b {}", self.contact_id), "Description": "d"}),
            "UpdateContactFlowMetadata" => json!({"Description": "d", "ContactFlowState": "ARCHIVED"}),
            "UpdateContact" => json!({
                "Name": "n", "Description": "d", "SegmentAttributes": {"kind": {"ValueString": "late"}},
                "References": {"order": {"Type": "URL", "Value": "https://example.com/1"}},
            }),
            "TagContact" => with(json!({"Tags": {"team": "a"}})),
            "TransferContact" => with(json!({"ContactFlowId": FLOW, "QueueId": "q", "ClientToken": "t"})),
            "UpdateContactRoutingData" => json!({"QueueTimeAdjustmentSeconds": -5}),
            "UpdateParticipantRoleConfig" => {
                let value = json!({"ParticipantTimerDurationInMinutes": 2});
                let timer = json!({"ParticipantRole": "CUSTOMER", "TimerType": "IDLE", "TimerValue": value});
                json!({"ChannelConfiguration": {"Chat": {"ParticipantTimerConfigList": [timer]}}})
            }
            "SearchQueues" => search(json!({"QueueTypeCondition": "STANDARD"})),
            "SearchContactFlows" => search(json!({"TypeCondition": "CONTACT_FLOW", "StateCondition": "ACTIVE"})),
            "SearchContacts" => {
                let attribute = json!({"Criteria": [{"Key": "a", "Values": ["b"]}], "MatchType": "MATCH_NONE"});
                json!({
                    "InstanceId": INSTANCE, "MaxResults": 10,
                    "TimeRange": {"Type": "INITIATION_TIMESTAMP", "StartTime": 1_600_000_000.5, "EndTime": 1_800_000_000},
                    "SearchCriteria": {
                        "Channels": ["CHAT"], "InitiationMethods": ["API"], "QueueIds": [], "AgentIds": [],
                        "Name": {"SearchText": ["n"], "MatchType": "MATCH_ANY"},
                        "SearchableContactAttributes": attribute, "SearchableSegmentAttributes": attribute,
                    },
                    "Sort": {"FieldName": "INITIATION_TIMESTAMP", "Order": "DESCENDING"},
                })
            }
            "GetCurrentMetricData" => {
                let metrics = json!([{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}, {"Name": "OLDEST_CONTACT_AGE"}]);
                json!({
                    "Filters": {"Queues": ["33333333-3333-4333-8333-333333333333"], "Channels": ["CHAT"]},
                    "Groupings": ["QUEUE", "CHANNEL"], "CurrentMetrics": metrics, "MaxResults": 10,
                    "SortCriteria": [{"SortByMetric": "AGENTS_ONLINE", "SortOrder": "DESCENDING"}],
                })
            }
            "CreateParticipantConnection" => {
                json!({"Type": ["WEBSOCKET", "CONNECTION_CREDENTIALS"], "ConnectParticipant": true})
            }
            "SendMessage" => json!({"ContentType": "text/plain", "Content": "hello", "ClientToken": "m"}),
            "SendEvent" => {
                json!({"ContentType": "application/vnd.amazonaws.connect.event.typing", "ClientToken": "e"})
            }
            "GetTranscript" => json!({
                "MaxResults": 15, "ScanDirection": "BACKWARD", "SortOrder": "ASCENDING", "ContactId": self.contact_id,
                "StartPosition": {"MostRecent": 3},
            }),
            "DisconnectParticipant" => json!({"ClientToken": "d"}),
            "GetAuthenticationUrl" => session,
            "CancelParticipantAuthentication" => json!({"SessionId": session["SessionId"]}),
            "StartAttachmentUpload" => upload(),
            "CompleteAttachmentUpload" => json!({"AttachmentIds": [self.attachment_id], "ClientToken": "c"}),
            "GetAttachment" => json!({"AttachmentId": self.attachment_id, "UrlExpiryInSeconds": 30}),
            "InvokeAgent" => agent(),
            "InvokeInlineAgent" => {
                let mut agent = agent();
                agent.as_object_mut()?.extend(json!({
                    "foundationModel": "a.model", "instruction": "You are the first line of a bank and friendly to everybody.",
                    "actionGroups": [{"actionGroupName": "Cards", "actionGroupExecutor": {"customControl": "RETURN_CONTROL"},
                        "functionSchema": {"functions": [{"name": "block", "parameters": {"card": {"type": "string"}}}]}}],
                }).as_object()?.clone());
                agent
            }
            _ => return None,
        })
    }

    /// The whole good request.
    pub(crate) fn good(&self, route: OfferedRoute) -> Request {
        let method = route.method.to_string();
        let has_body = !matches!(method.as_str(), "GET" | "DELETE");
        let body = if has_body { self.body(route).to_string().into_bytes() } else { Vec::new() };
        Request { method, path: self.path(route), token: self.token(route).to_owned(), body }
    }

    /// Asks, and answers with what came.
    pub(crate) async fn send(&self, it: Request) -> Reply {
        self.server.send(request(&it.method, &it.path, &it.token, it.body)).await
    }
}

fn upload() -> Value {
    json!({"ContentType": "text/plain", "AttachmentSizeInBytes": 5, "AttachmentName": "a.txt", "ClientToken": "t"})
}

fn agent() -> Value {
    let body = json!({"TEXT": {"body": "done"}});
    let result = json!({"functionResult": {"actionGroup": "Cards", "function": "block", "responseBody": body}});
    json!({
        "inputText": "hello", "enableTrace": true, "endSession": false,
        "sessionState": {
            "sessionAttributes": {"a": "b"}, "promptSessionAttributes": {"a": "b"}, "invocationId": "i",
            "returnControlInvocationResults": [result],
        },
    })
}

const FLOW_CONTENT: &str = r#"{"Version":"2019-10-30","StartAction":"end","Metadata":{},"Actions":[
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;
