//! What is written down about the contact.

use std::collections::BTreeMap;

use super::{Block, Enter, STRAIGHT, STRAIGHT_AT_BEST, Shape, failed, set};
use crate::flow::{reader::Reader, scope::Scope, step::FlowStep, template::Template, transitions::Exit};

/// `UpdateContactAttributes`, of the current contact.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactAttributes {
    attributes: BTreeMap<String, Template>,
    related: bool,
}

/// Whether it is about another contact than this: there is none here, and the error branch is taken.
fn of_related(reader: &mut Reader<'_>) -> bool {
    let related = reader.word("TargetContact", &["Current", "Related"]) == Some("Related");
    if related {
        reader.warn("no-service-here", "there are no related contacts here, so the error branch is taken");
    }
    related
}

impl UpdateContactAttributes {
    /// The attributes it sets.
    pub(in crate::flow) fn keys(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let related = of_related(reader);
        let attributes = reader.required_texts("Attributes")?;
        let fits = |key: &str| key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let found = |key: &str| Template::parse(key).is_one_path();
        for key in attributes.keys().filter(|key| key.is_empty() || !fits(key) && !found(key)) {
            let message = format!("the attribute key \"{key}\" may have letters, digits, - and _ only");
            reader.error("bad-attribute-key", message);
        }
        Some(Self { attributes, related })
    }
}

impl Block for UpdateContactAttributes {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        if self.related {
            return failed();
        }
        set(scope.fill_all(&self.attributes), FlowStep::SetAttributes)
    }
}

/// `UpdateFlowAttributes`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateFlowAttributes {
    attributes: BTreeMap<String, Template>,
}

impl UpdateFlowAttributes {
    /// The attributes it sets.
    pub(in crate::flow) fn keys(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self { attributes: reader.required_nested_texts("FlowAttributes", "Value")? })
    }
}

impl Block for UpdateFlowAttributes {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let filled = scope.fill_all(&self.attributes);
        scope.memory.flow_attributes.extend(filled);
        Enter::Leave(Exit::Next)
    }
}

/// `UpdateContactData`: name, description, language and customer id of the current contact.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactData {
    data: BTreeMap<String, Template>,
    related: bool,
}

impl UpdateContactData {
    /// Whether a value is found when the action is entered.
    pub(in crate::flow) fn looks_something_up(&self) -> bool {
        self.data.values().any(|value| value.as_static().is_none())
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let related = of_related(reader);
        reader.without_effect(&[
            "References",
            "SegmentAttributes",
            "WisdomSessionArn",
            "IsVoiceIdStreamingEnabled",
            "IsVoiceAuthenticationEnabled",
            "IsFraudDetectionEnabled",
            "VoiceAuthenticationThreshold",
            "VoiceAuthenticationResponseTime",
            "FraudDetectionThreshold",
            "WatchlistId",
        ]);
        let mut data = BTreeMap::new();
        for name in ["LanguageCode", "Name", "Description", "CustomerId"] {
            data.extend(reader.text(name).map(|template| (name.to_owned(), template)));
        }
        Some(Self { data, related })
    }
}

impl Block for UpdateContactData {
    fn shape(&self) -> Shape {
        STRAIGHT_AT_BEST
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        if self.related {
            return failed();
        }
        set(scope.fill_all(&self.data), FlowStep::SetContactData)
    }
}
