//! Tags of the contact.

use std::collections::BTreeMap;

use super::{Block, Enter, STRAIGHT, Shape, set};
use crate::flow::{reader::Reader, scope::Scope, step::FlowStep, template::Template};

/// `TagContact`. The page of the action says it has no errors; the service wants the branch all the same.
#[derive(Debug, Clone)]
pub(in crate::flow) struct TagContact {
    tags: BTreeMap<String, Template>,
}

impl TagContact {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let tags = reader.required_texts("Tags")?;
        if tags.is_empty() {
            reader.error("missing-parameter", "Tags must name at least one tag");
        }
        for key in tags.keys().filter(|key| key.is_empty() || key.starts_with("aws:") || key.chars().count() > 128) {
            reader.error(
                "bad-tag-key",
                format!("\"{key}\" is no key of a tag: 1 to 128 characters, not aws: at the beginning"),
            );
        }
        Some(Self { tags })
    }
}

impl Block for TagContact {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        set(scope.fill_all(&self.tags), FlowStep::SetTags)
    }
}

/// `UntagContact`; AWS's page writes `UnTagContact`, which the service does not know.
#[derive(Debug, Clone)]
pub(in crate::flow) struct UntagContact {
    keys: Vec<Template>,
}

impl UntagContact {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.require("TagKeys");
        let keys = reader.text_list("TagKeys")?;
        if keys.is_empty() {
            reader.error("missing-parameter", "TagKeys must name at least one tag");
        }
        Some(Self { keys })
    }
}

impl Block for UntagContact {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        Enter::Stand(FlowStep::RemoveTags(self.keys.iter().map(|key| scope.fill(key)).collect()))
    }
}
