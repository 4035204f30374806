//! How a contact begins: the checks of `StartChatContact`.

use super::{
    Contact, Effects, Here, Profile, Record, Speaker, Stage,
    attributes::{self, AttributeLog},
    desk_notes::DeskNotes,
    participant::Participant,
    persistent::Past,
    position::FlowPosition,
    processing::Processing,
    shared::Shared,
    silence::Silence,
};
use crate::{
    api::{AttributeSource, Attributes, StartChatContact, StartedChat},
    error::{Error, ErrorKind},
    item::{ItemType, Role},
    observe::What,
};

/// 25 hours (model of `ChatDurationInMinutes`).
const DEFAULT_DURATION_MINUTES: u32 = 1500;
const MINUTE_MS: i64 = 60_000;
const TYPES: [&str; 5] = [
    "text/plain",
    "text/markdown",
    "application/json",
    "application/vnd.amazonaws.connect.message.interactive",
    "application/vnd.amazonaws.connect.message.interactive.response",
];

/// What a guide is made of (model of `StartChatContact`: both must be supported).
const INTERACTIVE: [&str; 2] = [
    "application/vnd.amazonaws.connect.message.interactive",
    "application/vnd.amazonaws.connect.message.interactive.response",
];

impl Contact {
    /// A new contact, with its customer invited and the flow not begun.
    ///
    /// # Errors
    /// A field that is out of its limits, or an unknown flow.
    pub(crate) fn start(
        request: StartChatContact,
        past: Option<Past>,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> Result<Self, Error> {
        let flow = here.config.flow(&request.contact_flow_id).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("There is no flow \"{}\".", request.contact_flow_id))
        })?;
        check_name(&request.display_name)?;
        let minutes = request.chat_duration_in_minutes.unwrap_or(DEFAULT_DURATION_MINUTES);
        if !(60..=10_080).contains(&minutes) {
            return Err(invalid("ChatDurationInMinutes must be from 60 to 10080."));
        }
        if request.customer_id.as_ref().is_some_and(|id| id.is_empty() || id.chars().count() > 128) {
            return Err(invalid("CustomerId must have 1 to 128 characters."));
        }
        let content_types = content_types(request.supported_messaging_content_types)?;
        let is_guide = request.segment_attributes.get("connect:Subtype").is_some_and(|it| it == "connect:Guide");
        if is_guide && !INTERACTIVE.iter().all(|needed| content_types.iter().any(|it| it == needed)) {
            let needed = INTERACTIVE.join(" and ");
            return Err(invalid(&format!(
                "A chat of connect:Guide needs {needed} among its SupportedMessagingContentTypes."
            )));
        }
        let attributes = attributes::merged(&Attributes::new(), &request.attributes)?;
        let mut attribute_log = AttributeLog::default();
        attribute_log.add(here.now_ms, AttributeSource::Start, &attributes);
        let mut segment_attributes = request.segment_attributes;
        segment_attributes.entry("connect:Subtype".into()).or_insert_with(|| "connect:Chat".into());

        let customer = Participant::invite(Role::Customer, &request.display_name, None, here.now_ms, here.ids);
        let mut contact = Self {
            id: here.ids.uuid(),
            created_ms: here.now_ms,
            updated_ms: here.now_ms,
            ends_at_ms: here.now_ms + i64::from(minutes) * MINUTE_MS,
            profile: Profile {
                content_types,
                segment_attributes,
                related_contact_id: request.related_contact_id,
                customer_id: request.customer_id,
                continued_from: past.as_ref().map(|past| past.continued.clone()),
                agent_leaves_first: request.agent_leaves_first,
                line: request.line,
                ..Profile::default()
            }
            .into(),
            attributes: attributes.into(),
            attribute_log: attribute_log.into(),
            silence: Silence::default(),
            desk: DeskNotes::default(),
            participants: vec![customer.clone()].into(),
            streams: Shared::default(),
            stage: Stage::Created,
            flow: FlowPosition::at(&flow.id).into(),
            attachments: Vec::new(),
            views: Vec::new(),
            processing: Processing::default(),
        };
        if let Some(past) = past {
            contact.take_over(past.entries, fx);
        }
        fx.observe(What::Started);
        if let Some((content_type, content)) = request.initial_message {
            contact.check_message(&content_type, &content, here.config)?;
            contact.profile.initial_message = Some(content.clone());
            let by = Speaker::from(&customer);
            let record = Record {
                r#type: ItemType::Message,
                content_type: &content_type,
                content: Some(content),
                by,
                client_token: None,
            };
            contact.record(record, here, fx);
        }
        if let Some((content_type, content)) = request.initial_system_message {
            contact.check_message(&content_type, &content, here.config)?;
            let record = Record {
                r#type: ItemType::Message,
                content_type: &content_type,
                content: Some(content),
                by: Speaker::System,
                client_token: None,
            };
            contact.record(record, here, fx);
        }
        if let Some(topic_arn) = request.streaming_endpoint_arn {
            // Found again by what finds the contact; without a client token each contact has its own.
            let token = request.client_token.filter(|token| !token.is_empty()).unwrap_or_else(|| contact.id.clone());
            let id = contact.start_streaming(&topic_arn, &token, here)?;
            contact.profile.streaming_id = Some(id);
        }
        Ok(contact)
    }

    /// The answer to `StartChatContact`, the first time and every time it is repeated.
    pub(crate) fn started(&self) -> Result<StartedChat, Error> {
        let customer = self.customer().ok_or_else(|| Error::internal("a contact without customer"))?;
        Ok(StartedChat {
            contact_id: self.id.clone(),
            participant_id: customer.id.clone(),
            participant_token: customer.token.to_client(),
            continued_from: self.continued_from(),
            streaming_id: self.profile.streaming_id.clone(),
        })
    }
}

pub(super) fn check_name(name: &str) -> Result<(), Error> {
    if (1..=256).contains(&name.chars().count()) {
        Ok(())
    } else {
        Err(invalid("DisplayName must have 1 to 256 characters."))
    }
}

fn content_types(asked: Vec<String>) -> Result<Vec<String>, Error> {
    if asked.is_empty() {
        return Ok(vec!["text/plain".into()]);
    }
    if let Some(unknown) = asked.iter().find(|t| !TYPES.contains(&t.as_str())) {
        return Err(invalid(&format!("\"{unknown}\" is no supported messaging content type.")));
    }
    if !asked.iter().any(|t| t == "text/plain") {
        return Err(invalid("SupportedMessagingContentTypes must contain text/plain."));
    }
    Ok(asked)
}

fn invalid(message: &str) -> Error {
    Error::new(ErrorKind::InvalidParameter, message)
}
