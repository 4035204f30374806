//! The event that Connect hands to a flow's Lambda function (reference: flow language, section 3).

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Contact;
use crate::centre::Config;

impl Contact {
    /// `Details.ContactData` with every key Connect sends for a chat that began through the API.
    pub(super) fn lambda_event(&self, parameters: &BTreeMap<String, String>, config: &Config) -> Value {
        let segments: Map<String, Value> = self
            .profile
            .segment_attributes
            .iter()
            .map(|(key, value)| (key.clone(), json!({"ValueString": value})))
            .collect();
        let queue = self
            .flow
            .queue(config)
            .map(|queue| json!({"ARN": config.arn("queue", &queue.id), "Name": queue.name, "OutboundCallerId": null}));
        let tags: Map<String, Value> = self
            .profile
            .tags
            .iter()
            .map(|(key, value)| (key.clone(), json!(value)))
            .chain([("aws:connect:instanceId".to_owned(), json!(config.instance_id))])
            .collect();
        let line = self.profile.line.as_ref();
        let endpoint = |address: &str| json!({"Address": address, "Type": "TELEPHONE_NUMBER"});
        json!({
            "Details": {
                "ContactData": {
                    "Attributes": self.attributes,
                    "AwsRegion": config.region,
                    "Channel": "CHAT",
                    "ContactId": self.id,
                    "CustomerEndpoint": line.map(|line| endpoint(&line.customer)),
                    "CustomerId": self.profile.customer_id,
                    "Description": self.profile.description,
                    "InitialContactId": self.id,
                    "InitiationMethod": "API",
                    "InstanceARN": config.instance_arn(),
                    "LanguageCode": self.profile.language_code.as_deref().unwrap_or("en-US"),
                    "MediaStreams": {},
                    "Name": self.profile.name,
                    "PreviousContactId": self.id,
                    "Queue": queue,
                    "References": {},
                    "RelatedContactId": self.profile.related_contact_id,
                    "SegmentAttributes": segments,
                    "SystemEndpoint": line.map(|line| endpoint(&line.system)),
                    "Tags": tags,
                },
                "Parameters": parameters,
            },
            "Name": "ContactFlowEvent",
        })
    }
}
