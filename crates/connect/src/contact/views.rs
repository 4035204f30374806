//! Views that the flow shows the customer (`ShowView`), and what a client may ask about them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Contact, Effects, Here, Record, Speaker};
use crate::{
    centre::Config,
    error::{Error, ErrorKind},
    item::ItemType,
    view::View,
};

/// How a view is sent to the customer, and how the customer answers it.
pub(super) const INTERACTIVE: &str = "application/vnd.amazonaws.connect.message.interactive";
pub(super) const INTERACTIVE_RESPONSE: &str = "application/vnd.amazonaws.connect.message.interactive.response";
/// The views that AWS manages, by the ids in their ARNs.
const MANAGED: [(&str, &str); 5] =
    [("detail", "Detail"), ("list", "List"), ("form", "Form"), ("confirmation", "Confirmation"), ("cards", "Cards")];

/// A view that was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ShownView {
    token: String,
    /// Id or ARN, as the flow says it.
    view: String,
    version: Option<String>,
    actions: Vec<String>,
}

impl Contact {
    /// A view goes to the customer, if the customer's client can show one.
    pub(super) fn show_view(
        &mut self,
        view: &str,
        version: Option<&str>,
        data: &Map<String, Value>,
        here: &Here<'_>,
        fx: &mut Effects,
    ) -> bool {
        if !self.profile.content_types.iter().any(|known| known == INTERACTIVE) {
            return false;
        }
        let token = here.ids.uuid();
        let content = json!({
            "templateType": "ViewResource",
            "version": "1.0",
            "data": {"content": {
                "viewId": view,
                "viewVersion": version,
                "viewToken": token,
                "viewData": data,
            }},
        });
        let actions = self.flow.choices(here.config);
        self.views.push(ShownView { token, view: view.to_owned(), version: version.map(str::to_owned), actions });
        let record = Record {
            r#type: ItemType::Message,
            content_type: INTERACTIVE,
            content: Some(content.to_string()),
            by: Speaker::System,
            client_token: None,
        };
        self.record(record, here, fx);
        true
    }

    /// `DescribeView`: of a view that was shown in this chat.
    pub(crate) fn describe_view(&self, participant_id: &str, token: &str, config: &Config) -> Result<View, Error> {
        self.acting(participant_id)?;
        let shown = self.views.iter().find(|shown| shown.token == token);
        let shown = shown.ok_or_else(|| Error::new(ErrorKind::NotFound, "No view was shown with this ViewToken."))?;
        // `arn:…:view/form:1`: the version may stand behind the id.
        let at = shown.view.rfind('/').map_or(0, |slash| slash + 1);
        let (path, tail) = shown.view.split_at(at);
        let (id, qualifier) = tail.split_once(':').map_or((tail, None), |(id, version)| (id, Some(version)));
        let managed = MANAGED.iter().find(|(known, _)| known.eq_ignore_ascii_case(id)).map(|(_, name)| *name);
        let arn = match managed {
            _ if path.starts_with("arn:") => format!("{path}{id}"),
            Some(_) => format!("arn:aws:connect:{}:aws:view/{id}", config.region),
            None => config.arn("view", id),
        };
        Ok(View {
            id: id.to_owned(),
            arn,
            name: managed.unwrap_or(id).to_owned(),
            version: shown.version.as_deref().or(qualifier).and_then(|version| version.parse().ok()),
            actions: shown.actions.clone(),
        })
    }
}
