//! HTTP endpoints: a call as a request, an answer as what the model reads.

use relevo_agents::{
    definition::{
        agent::Function,
        operation::{ArgumentPlace, Operation},
        tool::{HttpMethod, HttpTool},
    },
    tools::{Argument, ToolCall, ToolError, ToolOutput},
};
use relevo_outbound::{Answer, Http, Request, Tokens};
use serde_json::{Map, Value, json};

use crate::{
    executors::failed,
    url::{filled, with_query},
    value::{joined, plain},
};

/// Calls the endpoint once.
pub(crate) async fn call(
    http: &Http,
    tokens: &Tokens,
    tool: &HttpTool,
    function: &Function,
    call: &ToolCall,
) -> Result<ToolOutput, ToolError> {
    let built = match &function.operation {
        Some(operation) => Built::of_operation(tool, operation, call),
        None => Built::of_function(tool, call),
    };
    let built = match built {
        Ok(built) => built,
        Err(argument) => return Ok(ToolOutput::refused(format!("The argument {argument} has no usable value."))),
    };
    let bearer = match tokens.of(tool.bearer_from.as_deref()) {
        Ok(bearer) => bearer,
        Err(error) => return failed(&error),
    };
    // What the definition says comes before what the model says.
    let own = built.headers.iter().filter(|(name, _)| !tool.headers.keys().any(|set| set.eq_ignore_ascii_case(name)));
    let headers = tool.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request = Request {
        method: &built.method,
        url: &built.url,
        headers: headers.chain(own.map(|(name, value)| (name.as_str(), value.as_str()))).collect(),
        bearer,
        idempotency_key: &call.idempotency_key,
        body: built.body.as_ref().map(|(mime, body)| (mime.as_str(), body.to_string())),
    };
    match http.send(request).await {
        Ok(answer) => read(answer),
        Err(error) => failed(&error),
    }
}

/// A call in HTTP's parts.
#[derive(Debug, PartialEq)]
struct Built {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<(String, Value)>,
}

impl Built {
    /// The arguments go where the schema says.
    ///
    /// # Errors
    /// The argument whose value cannot be sent.
    fn of_operation(tool: &HttpTool, operation: &Operation, call: &ToolCall) -> Result<Self, String> {
        let server = tool.url.as_deref().or(operation.server.as_deref()).unwrap_or_default().trim_end_matches('/');
        let (mut query, mut headers, mut members) = (Vec::new(), Vec::new(), Map::new());
        for argument in call.arguments.iter() {
            let name = operation.wire_name(&argument.name);
            match operation.place(&argument.name) {
                Some(ArgumentPlace::Query { explode, deep }) => query.extend(pairs(name, argument, explode, deep)),
                Some(ArgumentPlace::Header) => headers.push((name.to_owned(), joined(argument))),
                Some(ArgumentPlace::Body) => drop(members.insert(name.to_owned(), argument.json())),
                Some(ArgumentPlace::Path) | None => {}
            }
        }
        let in_path = |name: &str| {
            let is_it = |argument: &&Argument| {
                operation.place(&argument.name) == Some(ArgumentPlace::Path)
                    && operation.wire_name(&argument.name) == name
            };
            call.arguments.iter().find(is_it).map(joined)
        };
        let path = filled(&operation.path, in_path)?;
        Ok(Self {
            method: operation.method.clone(),
            url: with_query(format!("{server}{path}"), &query),
            headers,
            body: operation.body.clone().map(|mime| (mime, Value::Object(members))),
        })
    }

    /// What the address does not name is the query of a GET and a DELETE, and else the body.
    ///
    /// # Errors
    /// The argument whose value cannot be sent.
    fn of_function(tool: &HttpTool, call: &ToolCall) -> Result<Self, String> {
        let template = tool.url.as_deref().unwrap_or_default();
        let named = |name: &str| call.arguments.iter().find(|argument| argument.name == name).map(joined);
        let url = filled(template, named)?;
        let rest: Vec<&Argument> =
            call.arguments.iter().filter(|argument| !template.contains(&format!("{{{}}}", argument.name))).collect();
        let method = tool.method.unwrap_or(HttpMethod::Post);
        let method_name = method.as_str().to_owned();
        Ok(match method {
            HttpMethod::Get | HttpMethod::Delete => {
                let query: Vec<_> =
                    rest.into_iter().flat_map(|argument| pairs(&argument.name, argument, true, false)).collect();
                Self { method: method_name, url: with_query(url, &query), headers: Vec::new(), body: None }
            }
            HttpMethod::Post | HttpMethod::Put | HttpMethod::Patch => {
                let body = rest.into_iter().map(|argument| (argument.name.clone(), argument.json())).collect();
                let body = Some(("application/json".to_owned(), Value::Object(body)));
                Self { method: method_name, url, headers: Vec::new(), body }
            }
        })
    }
}

/// OpenAPI's styles `form` and `deepObject`.
fn pairs(name: &str, argument: &Argument, explode: bool, deep: bool) -> Vec<(String, String)> {
    match argument.json() {
        Value::Array(items) if explode => items.iter().map(|item| (name.to_owned(), plain(item))).collect(),
        Value::Object(members) if deep => {
            members.iter().map(|(member, value)| (format!("{name}[{member}]"), plain(value))).collect()
        }
        Value::Object(members) if explode => {
            members.iter().map(|(member, value)| (member.clone(), plain(value))).collect()
        }
        _ => vec![(name.to_owned(), joined(argument))],
    }
}

/// What the model reads. Of a refusal it can make something; of an endpoint that is down, or does not know us, it cannot.
fn read(answer: Answer) -> Result<ToolOutput, ToolError> {
    let Answer { status, body } = answer;
    let whole = || {
        let body = serde_json::from_str(&body).unwrap_or_else(|_| Value::from(body.as_str()));
        json!({"status": status, "body": body}).to_string()
    };
    match status {
        200..=299 if body.trim().is_empty() => Ok(json!({"status": status}).to_string().into()),
        200..=299 => Ok(body.into()),
        401 | 403 | 407 => Err(ToolError::Failed(format!("status {status}: the endpoint refuses us"))),
        408 | 425 | 500..=599 => Err(ToolError::Passing(format!("status {status}"))),
        400..=499 => Ok(ToolOutput::refused(whole())),
        _ => Err(ToolError::Failed(format!("status {status}: not followed"))),
    }
}
