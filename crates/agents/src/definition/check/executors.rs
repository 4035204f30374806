//! Executors that are called elsewhere.

use super::{
    Check, Definition, Place,
    address::{self, address, headers, variable},
};
use crate::definition::{
    address::address_fault,
    agent::Function,
    operation::Operation,
    tool::{HttpTool, McpTool, Tool},
};

/// An attempt that has less time could not even open a connection; one that has more outlasts the customer.
const TIMEOUT_MS: std::ops::RangeInclusive<u64> = 100..=30_000;

/// The executor of one function.
pub(super) fn of_function<C>(
    check: &mut Check<'_>,
    definition: &Definition<C>,
    tool: &Tool,
    function: &Function,
    place: Place<'_>,
) {
    any(check, tool, place);
    match tool {
        Tool::Http(http) => match &function.operation {
            Some(operation) => operation_url(check, http, operation, place),
            None => function_url(check, http, function, place.value("http")),
        },
        Tool::Mcp(mcp) => {
            server(check, definition, mcp, place.value("mcp"));
            if mcp.tools.is_some() {
                let message = "`tools` offers several; it can only stand under `\"*\"`".to_owned();
                check.at(place.value("mcp").entry("tools"), message);
            }
        }
        Tool::Lambda(_) | Tool::Lookup(_) | Tool::Insert(_) => {}
    }
}

/// The executor of all functions of an action group, at its entry `*`.
pub(super) fn of_group<C>(
    check: &mut Check<'_>,
    definition: &Definition<C>,
    tool: &Tool,
    functions: &[&Function],
    place: Place<'_>,
) {
    any(check, tool, place);
    match tool {
        Tool::Lookup(_) | Tool::Insert(_) => {
            check.at(place, "a table's tool is for one function; name it in place of `*`".into());
        }
        Tool::Http(http) => {
            for function in functions {
                let Some(operation) = &function.operation else {
                    let message =
                        format!("every function has its own address; name `{}` in place of `*`", function.name);
                    check.at(place, message);
                    break;
                };
                operation_url(check, http, operation, place);
            }
        }
        Tool::Mcp(mcp) => {
            server(check, definition, mcp, place.value("mcp"));
            if mcp.tool.is_some() {
                check.at(place.value("mcp").entry("tool"), "`tool` is for one function; here it is `tools`".into());
            }
            if mcp.tools.is_some() && !functions.is_empty() {
                let message = "the action group declares functions of its own; they or the server's `tools`".to_owned();
                check.at(place.value("mcp").entry("tools"), message);
            }
        }
        Tool::Lambda(_) => {}
    }
}

/// The servers themselves.
pub(super) fn servers<C>(check: &mut Check<'_>, definition: &Definition<C>, place: Place<'_>) {
    for (name, server) in &definition.mcp_servers {
        let at = place.entry(name);
        match (&server.command, &server.url) {
            (Some(_), None) | (None, Some(_)) => {}
            (Some(_), Some(_)) => check.at(at, format!("the server `{name}` has a `command` and a `url`; one of them")),
            (None, None) => check.at(at, format!("the server `{name}` has neither a `command` nor a `url`")),
        }
        let place = place.value(name);
        if let Some(url) = &server.url {
            address(check, url, place.value("url"));
        }
        headers(check, &server.headers, place.value("headers"));
        variable(check, "bearerFrom", server.bearer_from.as_deref(), place.value("bearerFrom"));
        for (index, name) in server.env_from.iter().enumerate() {
            variable(check, "envFrom", Some(name), place.value("envFrom").item(index));
        }
    }
}

fn server<C>(check: &mut Check<'_>, definition: &Definition<C>, tool: &McpTool, place: Place<'_>) {
    if !definition.mcp_servers.contains_key(&tool.server) {
        let known = definition.mcp_servers.keys().map(String::as_str);
        check.unknown(place.value("server"), "MCP server", &tool.server, known);
    }
}

/// Whatever it is for.
fn any(check: &mut Check<'_>, tool: &Tool, place: Place<'_>) {
    timeout(check, tool, place);
    match tool {
        Tool::Http(http) => {
            let place = place.value("http");
            headers(check, &http.headers, place.value("headers"));
            variable(check, "bearerFrom", http.bearer_from.as_deref(), place.value("bearerFrom"));
        }
        Tool::Lambda(lambda) if lambda.function.trim().is_empty() => {
            check.at(place.value("lambda").value("function"), "no Lambda function is named".into());
        }
        Tool::Lambda(_) | Tool::Lookup(_) | Tool::Insert(_) | Tool::Mcp(_) => {}
    }
}

fn timeout(check: &mut Check<'_>, tool: &Tool, place: Place<'_>) {
    let Some(timeout) = tool.timeout() else { return };
    if !TIMEOUT_MS.contains(&u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX)) {
        let kind = match tool {
            Tool::Http(_) => "http",
            Tool::Lambda(_) => "lambda",
            _ => "mcp",
        };
        let message =
            format!("timeoutMs is {}; it must be {} to {}", timeout.as_millis(), TIMEOUT_MS.start(), TIMEOUT_MS.end());
        check.at(place.value(kind).value("timeoutMs"), message);
    }
}

fn function_url(check: &mut Check<'_>, http: &HttpTool, function: &Function, place: Place<'_>) {
    if http.method.is_none() {
        let hint = Some("such as `method: GET`".to_owned());
        check.hinted(place, "the key `method` is missing".into(), hint);
    }
    let Some(url) = &http.url else {
        check.at(place, "the key `url` is missing".into());
        return;
    };
    let at = place.value("url");
    address::template(check, url, at);
    for parameter in url.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
        if !function.parameters.contains_key(parameter) {
            let what = format!("parameter of `{}`", function.name);
            check.unknown(at, &what, parameter, function.parameters.keys().map(String::as_str));
        }
    }
}

fn operation_url(check: &mut Check<'_>, http: &HttpTool, operation: &Operation, place: Place<'_>) {
    if http.method.is_some() {
        check.at(
            place.value("http").entry("method"),
            "an operation has its own method; `method` is for functions".into(),
        );
    }
    match (&http.url, &operation.server) {
        (Some(url), _) => address(check, url, place.value("http").value("url")),
        (None, Some(server)) if address_fault(server).is_none() => {}
        (None, _) => {
            let hint = Some("add `url: https://...`".to_owned());
            let message = format!("the API schema names no server with an address for `{}`", operation.name());
            check.hinted(place.entry("http"), message, hint);
        }
    }
}
