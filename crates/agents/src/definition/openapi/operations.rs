//! The operations: parameters and body as one list of arguments.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{
    document::{At, Document},
    inline, names,
    shape::{merged, type_of},
};
use crate::definition::{
    agent::{Function, Parameter, RequireConfirmation},
    operation::{Argument, ArgumentPlace, Operation},
};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Headers that OpenAPI leaves to other parts of the document.
const NOT_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// All operations.
pub(super) fn all(document: &Document<'_>) -> Vec<Function> {
    let top = document.top();
    let version =
        top.value.get("openapi").map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned));
    match version.as_deref() {
        Some(version) if version.starts_with("3.") => {}
        Some(version) => document.fault("#/openapi", format!("this is OpenAPI {version}; 3.0 and 3.1 can be read")),
        None if top.value.get("swagger").is_some() => {
            document.fault("#/swagger", "this is Swagger 2.0; OpenAPI 3.0 and 3.1 can be read");
        }
        None => {
            document.fault("#", "this is no OpenAPI document: the key `openapi` is missing, such as `openapi: 3.0.3`");
        }
    }
    let Some(paths) = top.get("paths") else {
        document.fault("#", "the key `paths` is missing");
        return Vec::new();
    };
    let mut functions = Vec::new();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for (path, item) in paths.members() {
        if path.starts_with("x-") {
            continue;
        }
        if !path.starts_with('/') {
            document.fault(&item.pointer, format!("the path `{path}` must begin with `/`"));
            continue;
        }
        let Some(item) = document.resolved(&item) else { continue };
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let function = Reader { document, path, parameters: IndexMap::new(), arguments: BTreeMap::new() }
                .function(method, &item, &operation);
            if let Some(id) = function.operation.as_ref().and_then(|it| it.id.clone())
                && let Some(other) = ids.insert(id.clone(), function.name.clone())
            {
                document.fault(
                    &format!("{}/operationId", operation.pointer),
                    format!("`{other}` has the operationId `{id}` too"),
                );
            }
            functions.push(function);
        }
    }
    if functions.is_empty() {
        document.fault(&paths.pointer, "no path has an operation (get, post, put, patch, delete)");
    }
    functions
}

struct Reader<'d, 'n> {
    document: &'d Document<'n>,
    path: &'d str,
    parameters: IndexMap<String, Parameter>,
    arguments: BTreeMap<String, Argument>,
}

impl<'d> Reader<'d, '_> {
    fn function(mut self, method: &str, item: &At<'d>, at: &At<'d>) -> Function {
        for parameter in declared(self.document, item, at) {
            self.parameter(&parameter);
        }
        self.path_is_whole(at);
        let body = at.get("requestBody").and_then(|body| self.body(&body));
        let text = [at.text("summary"), at.text("description")].into_iter().flatten().collect::<Vec<_>>().join("\n");
        let id = at.text("operationId").map(str::to_owned);
        let description = if text.is_empty() { id.clone() } else { Some(text) };
        let require_confirmation = match at.text("x-requireConfirmation") {
            Some("ENABLED") => RequireConfirmation::Enabled,
            Some("DISABLED") | None => RequireConfirmation::Disabled,
            Some(other) => {
                let pointer = format!("{}/x-requireConfirmation", at.pointer);
                self.document.fault(&pointer, format!("`{other}` is neither ENABLED nor DISABLED"));
                RequireConfirmation::Enabled
            }
        };
        let server = [at, item, &self.document.top()].into_iter().find_map(server);
        let operation = Operation {
            method: method.to_uppercase(),
            path: self.path.to_owned(),
            id,
            server,
            arguments: self.arguments,
            body,
        };
        Function {
            name: operation.name(),
            description,
            parameters: self.parameters,
            require_confirmation,
            operation: Some(operation),
        }
    }

    fn parameter(&mut self, at: &At<'d>) {
        let (Some(name), Some(place)) = (at.text("name"), at.text("in")) else {
            self.document.fault(&at.pointer, "a parameter needs `name` and `in`");
            return;
        };
        let required = at.flag("required");
        let place_of = match place {
            "path" => ArgumentPlace::Path,
            "query" => {
                let form = at.text("style").unwrap_or("form") == "form";
                let explode = at.value.get("explode").and_then(Value::as_bool).unwrap_or(form);
                ArgumentPlace::Query { explode, deep: at.text("style") == Some("deepObject") }
            }
            "header" if NOT_PARAMETERS.contains(&name.to_lowercase().as_str()) => return,
            "header" => ArgumentPlace::Header,
            "cookie" if !required => return,
            other => {
                self.document.fault(
                    &at.pointer,
                    format!("a required parameter in `{other}` cannot be sent; `path`, `query` and `header` can"),
                );
                return;
            }
        };
        if let Some(style) = at.text("style").filter(|style| !["simple", "form", "deepObject"].contains(style)) {
            self.document.fault(&format!("{}/style", at.pointer), format!("the style `{style}` is not supported"));
        }
        let inner = at.get("content").and_then(|content| content.members().into_iter().next());
        let schema = at.get("schema").or_else(|| inner.and_then(|(_, media)| media.get("schema")));
        let schema = schema.map_or_else(|| json!({"type": "string"}), |schema| inline::schema(self.document, &schema));
        let required = required || place_of == ArgumentPlace::Path;
        self.argument(name, place, place_of, at.text("description"), required, schema);
    }

    fn argument(
        &mut self,
        name: &str,
        place: &str,
        place_of: ArgumentPlace,
        description: Option<&str>,
        required: bool,
        schema: Value,
    ) {
        let own = names::argument(name, place, &self.arguments);
        let description = description.or_else(|| schema.get("description").and_then(Value::as_str)).map(str::to_owned);
        let parameter = Parameter { description, r#type: type_of(&schema), required, schema: Some(schema) };
        self.arguments.insert(own.clone(), Argument { name: name.to_owned(), place: place_of });
        self.parameters.insert(own, parameter);
    }

    fn path_is_whole(&self, at: &At<'d>) {
        let given: Vec<&str> =
            self.path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
        let declared: Vec<&str> = self
            .arguments
            .values()
            .filter(|argument| argument.place == ArgumentPlace::Path)
            .map(|argument| argument.name.as_str())
            .collect();
        for name in given.iter().filter(|name| !declared.contains(name)) {
            self.document.fault(&at.pointer, format!("the path's parameter `{name}` is not declared in `parameters`"));
        }
        for name in declared.iter().filter(|name| !given.contains(name)) {
            self.document.fault(&at.pointer, format!("the parameter `{name}` is not in the path {}", self.path));
        }
    }

    /// The body's media type; its properties become arguments.
    fn body(&mut self, at: &At<'d>) -> Option<String> {
        let at = self.document.resolved(at)?;
        // Many documents leave the body's own `required` out, which by the letter makes all of it optional.
        let required = at.value.get("required") != Some(&Value::Bool(false));
        let content = at.get("content")?;
        let all = content.members();
        let json = |name: &str| {
            let essence = name.split(';').next().unwrap_or_default().trim().to_lowercase();
            essence == "application/json" || essence.ends_with("+json")
        };
        let Some((mime, media)) = all.iter().find(|(name, _)| json(name)) else {
            self.document.fault(&content.pointer, "the body is not JSON; only `application/json` can be sent");
            return None;
        };
        let schema = media.get("schema")?;
        let whole = merged(&inline::schema(self.document, &schema));
        let Some(Value::Object(properties)) = whole.get("properties") else {
            self.document.fault(&schema.pointer, "the body must be a structure with `properties`");
            return None;
        };
        let names: Vec<&str> =
            whole.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, schema) in properties {
            let required = required && names.contains(&name.as_str());
            self.argument(name, "body", ArgumentPlace::Body, None, required, schema.clone());
        }
        Some((*mime).to_owned())
    }
}

/// The parameters of the path and of the operation; the operation's count where both have one.
fn declared<'d>(document: &'d Document<'_>, item: &At<'d>, operation: &At<'d>) -> Vec<At<'d>> {
    let list = |at: &At<'d>| -> Vec<At<'d>> {
        let list = at.get("parameters").map(|list| list.items()).unwrap_or_default();
        list.iter().filter_map(|parameter| document.resolved(parameter)).collect()
    };
    let key = |at: &At<'d>| (at.text("name"), at.text("in"));
    let own = list(operation);
    let shared = list(item).into_iter().filter(|shared| !own.iter().any(|own| key(own) == key(shared)));
    shared.chain(own.iter().cloned()).collect()
}

/// The first server of a list, its variables replaced by their defaults.
fn server(at: &At<'_>) -> Option<String> {
    let first = at.get("servers")?.items().into_iter().next()?;
    let mut url = first.text("url")?.to_owned();
    for (name, variable) in first.get("variables").map(|all| all.members()).unwrap_or_default() {
        url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
    }
    Some(url.trim_end_matches('/').to_owned())
}
