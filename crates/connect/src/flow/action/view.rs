//! Showing a view, and waiting for what is done with it.

use serde_json::{Map, Value, json};

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    condition::Operator,
    json::{Json, Kind},
    reader::{Reader, Whole},
    scope::Scope,
    step::FlowStep,
    template::Template,
    transitions::{ErrorType, Exit},
};

/// `ShowView`: in a chat the view goes to the customer as an interactive message.
#[derive(Debug, Clone)]
pub(in crate::flow) struct ShowView {
    id: Template,
    version: Option<Template>,
    limit_s: Whole,
    data: Data,
}

/// `ViewData`, with the texts in it still to be filled.
#[derive(Debug, Clone)]
enum Data {
    Text(Template),
    List(Vec<Data>),
    Map(Vec<(String, Data)>),
    Plain(Value),
}

impl Data {
    fn of(json: &Json) -> Self {
        match &json.kind {
            Kind::String(text) => Self::Text(Template::parse(text)),
            Kind::Array(items) => Self::List(items.iter().map(Self::of).collect()),
            Kind::Object(members) => Self::Map(members.iter().map(|m| (m.key.clone(), Self::of(&m.value))).collect()),
            Kind::Other(_, value) => Self::Plain(value.clone()),
        }
    }

    /// A text that is one JSONPath becomes what stands there, of whatever shape.
    fn filled(&self, scope: &Scope<'_>) -> Value {
        match self {
            Self::Text(text) => match text.one_path() {
                Some(path) => scope.json(path).unwrap_or_default(),
                None => Value::from(scope.fill(text)),
            },
            Self::List(items) => items.iter().map(|item| item.filled(scope)).collect(),
            Self::Map(members) => {
                Value::Object(members.iter().map(|(key, data)| (key.clone(), data.filled(scope))).collect())
            }
            Self::Plain(value) => value.clone(),
        }
    }
}

impl ShowView {
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.require("ViewResource");
        let resource = reader.object("ViewResource", |view| (view.required_text("Id"), view.text("Version")));
        let limit_s = reader.whole("InvocationTimeLimitSeconds", 1..=604_800);
        let data = reader.any("ViewData").map_or(Data::Map(Vec::new()), Data::of);
        reader.object("SensitiveDataConfiguration", |hide| hide.words("HideResponseOn", &["TRANSCRIPT"]));
        let (id, version) = resource?;
        Some(Self { id, version, limit_s, data })
    }

    /// The customer has done something with the view.
    pub(in crate::flow) fn answered(scope: &mut Scope<'_>, action: &str, data: &Value) -> Exit {
        scope.memory.leave("Views", json!({"Action": action, "ViewResultData": data}));
        Exit::Value(action.to_owned())
    }
}

impl Block for ShowView {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: false,
            required: &[ErrorType::NoMatchingCondition, ErrorType::NoMatchingError, ErrorType::TimeLimitExceeded],
            optional: &[],
            refused: &[],
            branches: Branches::Own(&[Operator::Equals], None),
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let Some((view, seconds)) = scope.fill_some(&self.id).zip(self.limit_s.value(scope)) else { return failed() };
        let version = self.version.as_ref().and_then(|version| scope.fill_some(version));
        let data = match self.data.filled(scope) {
            Value::Object(data) => data,
            _ => Map::new(),
        };
        Enter::Stand(FlowStep::ShowView { view, version, data, until_ms: scope.world.now_ms() + seconds * 1000 })
    }
}
