//! What is written down about the contact.

use std::collections::BTreeMap;

use super::{Block, Enter, STRAIGHT, STRAIGHT_AT_BEST, Shape, set};
use crate::flow::{reader::Reader, scope::Scope, step::FlowStep, template::Template, transitions::Exit};

/// `UpdateContactAttributes`, of the current contact.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UpdateContactAttributes {
    attributes: BTreeMap<String, Template>,
}

fn current_contact_only(reader: &mut Reader<'_>) {
    if reader.word("TargetContact", &["Current", "Related"]) == Some("Related") {
        reader.error("parameter-not-run", "TargetContact Related is known to Connect, but not run here yet");
    }
}

impl UpdateContactAttributes {
    /// The attributes it sets.
    pub(in crate::flow) fn keys(&self) -> impl Iterator<Item = &str> {
        self.attributes.keys().map(String::as_str)
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        current_contact_only(reader);
        let attributes = reader.required_texts("Attributes")?;
        let fits = |key: &str| key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        for key in attributes.keys().filter(|key| key.is_empty() || !fits(key)) {
            let message = format!("the attribute key \"{key}\" may have letters, digits, - and _ only");
            reader.error("bad-attribute-key", message);
        }
        Some(Self { attributes })
    }
}

impl Block for UpdateContactAttributes {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
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
}

impl UpdateContactData {
    /// Whether a value is found when the action is entered.
    pub(in crate::flow) fn looks_something_up(&self) -> bool {
        self.data.values().any(|value| value.as_static().is_none())
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        current_contact_only(reader);
        reader.not_run_here(
            &["References", "SegmentAttributes", "WisdomSessionArn"],
            "the contact here does not keep it",
        );
        let mut data = BTreeMap::new();
        for name in ["LanguageCode", "Name", "Description", "CustomerId"] {
            data.extend(reader.text(name).map(|template| (name.to_owned(), template)));
        }
        Some(Self { data })
    }
}

impl Block for UpdateContactData {
    fn shape(&self) -> Shape {
        STRAIGHT_AT_BEST
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        set(scope.fill_all(&self.data), FlowStep::SetContactData)
    }
}
