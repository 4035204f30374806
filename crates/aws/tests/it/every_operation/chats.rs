//! How chats begin and end, streams and bots.

use aws_sdk_connect::types::{
    ChatEvent, ChatEventType, ChatMessage, ChatStreamingConfiguration, ConnectionType,
    ContactMediaProcessingFailureMode, Endpoint, EndpointType, ParticipantDetails, ParticipantDetailsToAdd,
    ParticipantRole, SegmentAttributeValue,
};

use super::{Service, connect};
use crate::laptop::{FLOW, INSTANCE, PROCESSOR, TOPIC};

/// Shows a view, then waits for people.
pub(super) const FLOW_JSON: &str = r#"{"Version":"2019-10-30","StartAction":"view","Metadata":{},"Actions":[
  {"Identifier":"view","Type":"ShowView","Parameters":{"ViewResource":{"Id":"arn:aws:connect:us-east-1:aws:view/form","Version":"1"},
    "InvocationTimeLimitSeconds":"60"},
   "Transitions":{"Conditions":[{"NextAction":"call","Condition":{"Operator":"Equals","Operands":["Next"]}}],
     "Errors":[{"NextAction":"call","ErrorType":"NoMatchingCondition"},{"NextAction":"call","ErrorType":"NoMatchingError"},
       {"NextAction":"call","ErrorType":"TimeLimitExceeded"}]}},
  {"Identifier":"call","Type":"InvokeLambdaFunction","Parameters":{
    "LambdaFunctionARN":"arn:aws:lambda:us-east-1:123456789012:function:start","InvocationTimeLimitSeconds":"8",
    "ResponseValidation":{"ResponseType":"STRING_MAP"}},
   "Transitions":{"NextAction":"target","Errors":[{"NextAction":"target","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"target","Type":"UpdateContactTargetQueue","Parameters":{"QueueId":"33333333-3333-4333-8333-333333333333"},
   "Transitions":{"NextAction":"queue","Errors":[{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"queue","Type":"TransferContactToQueue","Parameters":{},
   "Transitions":{"NextAction":"end","Errors":[
     {"NextAction":"end","ErrorType":"QueueAtCapacity"},{"NextAction":"end","ErrorType":"NoMatchingError"}]}},
  {"Identifier":"end","Type":"DisconnectParticipant","Parameters":{},"Transitions":{}}]}"#;

pub(super) fn stream() -> ChatStreamingConfiguration {
    ChatStreamingConfiguration::builder().streaming_endpoint_arn(TOPIC).build().unwrap()
}

/// A chat whose customer has a token, and all that this flow shows.
pub(super) async fn start(sdk: &connect::Client) -> connect::operation::start_chat_contact::StartChatContactOutput {
    let details = ParticipantDetails::builder().display_name("Ana").build().unwrap();
    let chat = sdk.start_chat_contact().instance_id(INSTANCE).contact_flow_id(FLOW).participant_details(details);
    chat.supported_messaging_content_types("text/plain")
        .supported_messaging_content_types("application/vnd.amazonaws.connect.message.interactive")
        .connection_types(ConnectionType::Websocket)
        .connection_types(ConnectionType::ConnectionCredentials)
        .chat_streaming_configuration(stream())
        .send()
        .await
        .unwrap()
}

pub(super) async fn walk(service: &Service) {
    let sdk = &service.connect;
    let chat = start(sdk).await;
    assert!(chat.streaming_id().is_some() && chat.websocket().unwrap().url().unwrap().starts_with("ws://127.0.0.1:"));
    assert!(chat.connection_credentials().unwrap().connection_token().is_some());
    let contact = chat.contact_id().unwrap();
    let ids = |id: &str| (INSTANCE.to_owned(), id.to_owned());
    let (instance_id, contact_id) = ids(contact);

    let bot =
        ParticipantDetailsToAdd::builder().participant_role(ParticipantRole::CustomBot).display_name("Bot").build();
    let create = sdk.create_participant().instance_id(&instance_id).contact_id(&contact_id).participant_details(bot);
    assert!(create.clone().send().await.unwrap().participant_credentials().unwrap().participant_token().is_some());
    let second = create.client_token("another").send().await.unwrap_err().into_service_error();
    assert!(second.is_conflict_exception(), "{second:?}");

    let start = sdk.start_contact_streaming().instance_id(&instance_id).contact_id(&contact_id);
    let stream = start.chat_streaming_configuration(stream()).client_token("t").send().await.unwrap();
    let stop = sdk.stop_contact_streaming().instance_id(&instance_id).contact_id(&contact_id);
    stop.streaming_id(stream.streaming_id()).send().await.unwrap();
    let processing = sdk.start_contact_media_processing().instance_id(&instance_id).contact_id(&contact_id);
    let processing = processing.failure_mode(ContactMediaProcessingFailureMode::DeliverUnprocessedMessage);
    processing.clone().processor_arn(PROCESSOR).send().await.unwrap();
    let unknown = processing.processor_arn("arn:aws:lambda:us-east-1:123456789012:function:nobody").send().await;
    let unknown = unknown.unwrap_err().into_service_error();
    assert!(unknown.is_resource_not_found_exception(), "{unknown:?}");
    let stop = sdk.stop_contact_media_processing().instance_id(&instance_id).contact_id(&contact_id);
    stop.send().await.unwrap();
    let stop = sdk.stop_contact().instance_id(&instance_id).contact_id(&contact_id);
    stop.clone().send().await.unwrap();
    let again = stop.send().await.unwrap_err().into_service_error();
    assert!(again.is_contact_not_found_exception(), "{again:?}");

    line(sdk).await;
}

/// A chat over SMS: the centre begins it, the customer's phone answers.
async fn line(sdk: &connect::Client) {
    let (ours, theirs) = ("arn:aws:connect:us-east-1:123456789012:phone-number/1", "+34600000000");
    let end = |kind: EndpointType, address: &str| Endpoint::builder().r#type(kind).address(address).build();
    let hello = ChatMessage::builder().content_type("text/plain").content("Your parcel waits").build().unwrap();
    let start = sdk
        .start_outbound_chat_contact()
        .instance_id(INSTANCE)
        .contact_flow_id(FLOW)
        .source_endpoint(end(EndpointType::ConnectPhonenumberArn, ours))
        .destination_endpoint(end(EndpointType::TelephoneNumber, theirs))
        .segment_attributes("connect:Subtype", SegmentAttributeValue::builder().value_string("connect:SMS").build())
        .initial_system_message(hello)
        .client_token("outbound");
    let contact_id = start.clone().send().await.unwrap().contact_id.unwrap();
    assert_eq!(start.clone().send().await.unwrap().contact_id(), Some(contact_id.as_str()), "the same client token");
    let busy = start.client_token("other").send().await.unwrap_err().into_service_error();
    assert!(busy.is_conflict_exception(), "{busy:?}");

    let event = |kind: ChatEventType, content: Option<&str>| {
        let content_type = content.map(|_| "text/plain".to_owned());
        let event = ChatEvent::builder().r#type(kind).set_content_type(content_type);
        let event = event.set_content(content.map(str::to_owned)).build().unwrap();
        sdk.send_chat_integration_event().source_id(theirs).destination_id(ours).subtype("connect:SMS").event(event)
    };
    let said = event(ChatEventType::Message, Some("when?")).send().await.unwrap();
    assert_eq!((said.initial_contact_id(), said.new_chat_created()), (Some(contact_id.as_str()), Some(false)));
    event(ChatEventType::Disconnect, None).send().await.unwrap();
    let described = sdk.describe_contact().instance_id(INSTANCE).contact_id(&contact_id).send().await.unwrap();
    let described = described.contact.unwrap();
    assert_eq!(described.customer_endpoint().unwrap().address(), Some(theirs));
    assert_eq!(described.disconnect_reason(), Some("CUSTOMER_DISCONNECT"));
    let nobody = event(ChatEventType::Disconnect, None).send().await.unwrap();
    assert_eq!((nobody.initial_contact_id(), nobody.new_chat_created()), (None, Some(false)));
    let new = event(ChatEventType::Message, Some("and now?")).send().await.unwrap();
    assert_eq!(new.new_chat_created(), Some(true));
    sdk.stop_contact().instance_id(INSTANCE).contact_id(new.initial_contact_id().unwrap()).send().await.unwrap();
}
