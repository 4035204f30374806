//! `CloudFormation`'s functions, worked out: parameters by what was given or by their defaults, conditions, texts.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::names;

/// Deepest function in a function; a condition that hangs on itself ends here.
const DEEPEST: usize = 64;

/// A template with its parameters.
pub(super) struct Evaluator<'a> {
    /// In the long form.
    pub template: &'a Value,
    /// Parameters that were given.
    pub given: &'a BTreeMap<String, String>,
}

/// `AWS::NoValue`: not there.
type Out = Result<Option<Value>, String>;

impl Evaluator<'_> {
    /// The value, with every function worked out; none for `AWS::NoValue`.
    ///
    /// # Errors
    /// A parameter without a value, a name that is not there, a function that needs AWS.
    pub(super) fn value(&self, value: &Value) -> Out {
        self.at(value, 0)
    }

    /// A text, a number as one.
    pub(super) fn text(&self, value: &Value) -> Result<Option<String>, String> {
        Ok(self.value(value)?.map(|value| plain(&value)))
    }

    /// Whether a condition of the template holds.
    pub(super) fn holds(&self, name: &str) -> Result<bool, String> {
        self.condition(name, 0)
    }

    fn at(&self, value: &Value, depth: usize) -> Out {
        if depth > DEEPEST {
            return Err("its functions hang on themselves".into());
        }
        let depth = depth + 1;
        match value {
            Value::Array(items) => {
                let items: Vec<Option<Value>> =
                    items.iter().map(|item| self.at(item, depth)).collect::<Result<_, _>>()?;
                Ok(Some(items.into_iter().flatten().collect()))
            }
            Value::Object(map) => {
                if let Some((name, given)) = function(map) {
                    return self.function(name, given, depth);
                }
                let mut out = Map::new();
                for (key, value) in map {
                    if let Some(value) = self.at(value, depth)? {
                        out.insert(key.clone(), value);
                    }
                }
                Ok(Some(Value::Object(out)))
            }
            scalar => Ok(Some(scalar.clone())),
        }
    }

    fn function(&self, name: &str, given: &Value, depth: usize) -> Out {
        let list = || given.as_array().map(Vec::as_slice).ok_or_else(|| format!("{name} takes a list"));
        match name {
            "Ref" => self.reference(given.as_str().unwrap_or_default(), depth),
            "Fn::GetAtt" => self.attribute(given, depth).map(Some),
            "Fn::Sub" => self.substituted(given, depth).map(|text| Some(json!(text))),
            "Fn::Join" => {
                let [between, parts] = list()? else { return Err("Fn::Join takes a separator and a list".into()) };
                let parts = self.list(parts, depth)?;
                let texts: Vec<String> = parts.iter().map(plain).collect();
                Ok(Some(json!(texts.join(between.as_str().unwrap_or_default()))))
            }
            "Fn::If" => {
                let [condition, then, otherwise] = list()? else { return Err("Fn::If takes three values".into()) };
                let holds = self.condition(condition.as_str().unwrap_or_default(), depth)?;
                self.at(if holds { then } else { otherwise }, depth)
            }
            "Fn::Select" => {
                let [index, items] = list()? else { return Err("Fn::Select takes an index and a list".into()) };
                let index = self.at(index, depth)?.map(|it| plain(&it)).unwrap_or_default();
                let index: usize = index.parse().map_err(|_| format!("Fn::Select takes a number, not `{index}`"))?;
                let items = self.list(items, depth)?;
                items.into_iter().nth(index).map(Some).ok_or_else(|| format!("Fn::Select has no item {index}"))
            }
            "Fn::Split" => {
                let [between, text] = list()? else { return Err("Fn::Split takes a separator and a text".into()) };
                let text = self.at(text, depth)?.map(|it| plain(&it)).unwrap_or_default();
                Ok(Some(text.split(between.as_str().unwrap_or_default()).map(|it| json!(it)).collect()))
            }
            "Fn::FindInMap" => self.mapped(list()?, depth),
            "Fn::ToJsonString" => Ok(self.at(given, depth)?.map(|value| json!(value.to_string()))),
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                self.decided(name, list()?, depth).map(|it| Some(json!(it)))
            }
            "Condition" => self.condition(given.as_str().unwrap_or_default(), depth).map(|it| Some(json!(it))),
            other => Err(format!("{other} is worked out by AWS alone; give the value here by a parameter")),
        }
    }

    fn list(&self, value: &Value, depth: usize) -> Result<Vec<Value>, String> {
        match self.at(value, depth)? {
            Some(Value::Array(items)) => Ok(items),
            // A parameter of type CommaDelimitedList.
            Some(Value::String(text)) => Ok(text.split(',').map(|part| json!(part.trim())).collect()),
            _ => Err("a list stands here".into()),
        }
    }

    fn reference(&self, name: &str, depth: usize) -> Out {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = names::pseudo(name) {
            return Ok(Some(value));
        }
        if let Some(parameter) = self.template.get("Parameters").and_then(|it| it.get(name)) {
            return match (self.given.get(name), parameter.get("Default")) {
                (Some(given), _) => Ok(Some(json!(given))),
                // Every parameter is a text to a template's functions.
                (None, Some(default)) => Ok(Some(json!(plain(default)))),
                (None, None) => names::parameter(name).map(|it| Some(json!(it))).ok_or_else(|| {
                    format!("the parameter {name} has no default; give it with --parameters {name}=VALUE")
                }),
            };
        }
        let (kind, named) = self.resource(name, depth)?;
        if kind == "AWS::Lambda::Alias" || kind == "AWS::Lambda::Version" {
            return self.qualified(name, &kind, depth).map(|it| Some(json!(it)));
        }
        Ok(Some(json!(names::reference(&kind, name, named.as_deref()))))
    }

    fn attribute(&self, given: &Value, depth: usize) -> Result<Value, String> {
        let parts: Vec<&str> = match given {
            Value::Array(parts) => parts.iter().filter_map(Value::as_str).collect(),
            _ => given.as_str().and_then(|text| text.split_once('.')).map(|(a, b)| vec![a, b]).unwrap_or_default(),
        };
        let [id, attribute] = parts.as_slice() else {
            return Err("Fn::GetAtt takes a resource and an attribute".into());
        };
        let (kind, named) = self.resource(id, depth)?;
        Ok(json!(names::attribute(&kind, id, attribute, named.as_deref())))
    }

    /// A resource's type, and the name that its properties give it.
    fn resource(&self, id: &str, depth: usize) -> Result<(String, Option<String>), String> {
        let resource = self.template.get("Resources").and_then(|it| it.get(id));
        let resource = resource.ok_or_else(|| format!("there is no parameter and no resource `{id}`"))?;
        let kind = resource.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let last = kind.rsplit("::").next().unwrap_or_default();
        let named = resource.get("Properties").and_then(|it| it.get(format!("{last}Name")));
        let named = match named {
            Some(value) => self.at(value, depth)?.map(|it| plain(&it)),
            None => None,
        };
        Ok((kind, named))
    }

    /// The ARN of a function's alias or version.
    fn qualified(&self, id: &str, kind: &str, depth: usize) -> Result<String, String> {
        let properties = self.template.get("Resources").and_then(|it| it.get(id)).and_then(|it| it.get("Properties"));
        let of = |name: &str| match properties.and_then(|it| it.get(name)) {
            Some(value) => self.at(value, depth).map(|it| it.map(|it| plain(&it)).unwrap_or_default()),
            None => Ok(String::new()),
        };
        let function = of("FunctionName")?;
        let qualifier = if kind == "AWS::Lambda::Version" { "1".into() } else { of("Name")? };
        let arn = if function.starts_with("arn:") {
            function
        } else {
            format!("arn:aws:lambda:{}:{}:function:{function}", names::REGION, names::ACCOUNT)
        };
        Ok(format!("{arn}:{qualifier}"))
    }

    fn substituted(&self, given: &Value, depth: usize) -> Result<String, String> {
        let none = Map::new();
        let (text, own) = match given {
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(text), Value::Object(own)] => (text.as_str(), own),
                [Value::String(text)] => (text.as_str(), &none),
                _ => return Err("Fn::Sub takes a text and a mapping".into()),
            },
            _ => (given.as_str().ok_or("Fn::Sub takes a text")?, &none),
        };
        let mut parts = text.split("${");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let Some((name, rest)) = part.split_once('}') else {
                out.push_str("${");
                out.push_str(part);
                continue;
            };
            let name = name.trim();
            if let Some(literal) = name.strip_prefix('!') {
                out.extend(["${", literal, "}"]);
            } else {
                let value = match own.get(name) {
                    Some(value) => self.at(value, depth)?,
                    None if name.contains('.') => Some(self.attribute(&json!(name), depth)?),
                    None => self.reference(name, depth)?,
                };
                out.push_str(&value.map(|it| plain(&it)).unwrap_or_default());
            }
            out.push_str(rest);
        }
        Ok(out)
    }

    fn mapped(&self, parts: &[Value], depth: usize) -> Out {
        let mut value = self.template.get("Mappings").unwrap_or(&Value::Null);
        let mut path = Vec::new();
        for part in parts.iter().take(3) {
            let key = self.at(part, depth)?.map(|it| plain(&it)).unwrap_or_default();
            path.push(key.clone());
            let below = value.get(&key);
            value = match (below, parts.get(3).and_then(|more| more.get("DefaultValue"))) {
                (Some(below), _) => below,
                (None, Some(default)) => return self.at(default, depth),
                (None, None) => return Err(format!("the mapping {} is not there", path.join("."))),
            };
        }
        self.at(value, depth)
    }

    fn condition(&self, name: &str, depth: usize) -> Result<bool, String> {
        let condition = self.template.get("Conditions").and_then(|it| it.get(name));
        let condition = condition.ok_or_else(|| format!("there is no condition `{name}`"))?;
        Ok(self.at(condition, depth)? == Some(Value::Bool(true)))
    }

    fn decided(&self, name: &str, parts: &[Value], depth: usize) -> Result<bool, String> {
        if name == "Fn::Equals" {
            let [left, right] = parts else { return Err("Fn::Equals takes two values".into()) };
            let text = |value| self.at(value, depth).map(|it| it.map(|it| plain(&it)));
            return Ok(text(left)? == text(right)?);
        }
        let parts: Vec<bool> = parts
            .iter()
            .map(|part| Ok(self.at(part, depth)? == Some(Value::Bool(true))))
            .collect::<Result<_, String>>()?;
        Ok(match name {
            "Fn::And" => parts.iter().all(|part| *part),
            "Fn::Or" => parts.iter().any(|part| *part),
            _ => !parts.first().copied().unwrap_or_default(),
        })
    }
}

/// A mapping with one key that is a function's.
fn function(map: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut entries = map.iter();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else { return None };
    let is = name == "Ref" || name.starts_with("Fn::") || (name == "Condition" && value.is_string());
    is.then_some((name.as_str(), value))
}

/// As it stands in a text.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
