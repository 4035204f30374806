//! Finds the flow, the subscription and the functions of a template.

use std::collections::BTreeMap;

use relevo_agents::definition::{Problem, node::Node, suggest};
use relevo_connect::flow::Flow;
use serde_json::{Map, Value};

use super::{
    By, Delivery, DeployedFlow, DeployedFunction, Problems, Stack,
    evaluate::{Evaluator, plain},
    place::Source,
    undone,
};
use crate::{StartBot, cfn};

const FUNCTIONS: [&str; 2] = ["AWS::Lambda::Function", "AWS::Serverless::Function"];
/// Lambda's own defaults.
const TIMEOUT_SECONDS: u32 = 3;
const MEMORY_MB: u32 = 128;

/// Reads a template: YAML with short tags or without, or JSON. `given`: its parameters. `file` is for the problems.
///
/// # Errors
/// It is no template, a parameter has no value, or what the bot needs is not in it: with file and line.
pub fn read(text: &str, file: &str, given: &BTreeMap<String, String>) -> Result<Stack, Problems> {
    let template = cfn::read(text, file).map_err(|problem| vec![problem])?;
    let source = Source { file: file.to_owned(), root: Node::parse(text, file).map_err(|problem| vec![problem])? };
    if !template.get("Resources").is_some_and(Value::is_object) {
        return Err(vec![source.problem(&[], "this is no CloudFormation template: it has no `Resources`")]);
    }
    let parameters: Vec<&str> = template
        .get("Parameters")
        .and_then(Value::as_object)
        .map(|it| it.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let unknown: Problems = given
        .keys()
        .filter(|name| !parameters.contains(&name.as_str()))
        .map(|name| {
            source
                .problem(&["Parameters"], format!("the template has no parameter `{name}`"))
                .with_hint(suggest(name, parameters.iter().copied()))
        })
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    Reader { evaluator: Evaluator { template: &template, given }, source: &source, template: &template }
        .stack()
        .map_err(|problem| vec![problem])
}

struct Reader<'a> {
    evaluator: Evaluator<'a>,
    source: &'a Source,
    template: &'a Value,
}

/// A subscription that leads to a function.
struct Found {
    delivery: Delivery,
    function: String,
}

impl Reader<'_> {
    fn stack(&self) -> Result<Stack, Problem> {
        let mut notes = Vec::new();
        let flow = self.flow()?;
        let subscriptions = self.subscriptions(&mut notes)?;
        let start = self.start_bot(flow.as_ref())?;
        let mut found = subscriptions.into_iter().filter(|it| it.function != start).collect::<Vec<_>>();
        found.sort_by_key(|it| !it.function.to_ascii_lowercase().contains("chat"));
        let mut found = found.into_iter();
        let Some(Found { delivery, function }) = found.next() else {
            return Err(self
                .source
                .problem(&["Resources"], "no subscription of a topic leads to a function that answers")
                .with_hint(Some(
                    "an AWS::SNS::Subscription with the protocol lambda, or sqs and an AWS::Lambda::EventSourceMapping"
                        .into(),
                )));
        };
        for other in found {
            notes.push(self.source.note(
                &["Resources", &other.delivery.resource],
                &format!(
                    "{} leads to another function, {}, which does not run here",
                    other.delivery.resource, other.function
                ),
            ));
        }
        if let By::Queue { raw } = delivery.by {
            let form = if raw { "as it was published" } else { "in SNS's envelope" };
            notes.push(format!(
                "{}: a queue's event with one message ({form}) is what the function gets; its waits and its retries are this machine's",
                delivery.place
            ));
        }
        notes.extend(undone::line(self.template, |resource| self.present(resource)));
        let (start_bot, chat_bot) = (self.function(&start)?, self.function(&function)?);
        for of in [&start_bot, &chat_bot] {
            for name in &of.secrets {
                let text = format!("{name} comes from a secret at AWS; here from this terminal's environment");
                notes.push(
                    self.source
                        .note(&["Resources", &of.resource, "Properties", "Environment", "Variables", name], &text),
                );
            }
        }
        Ok(Stack { flow, delivery, start_bot, chat_bot, notes })
    }

    /// Whether a resource is deployed, by its condition. One that cannot be worked out counts.
    fn present(&self, resource: &Value) -> bool {
        let condition = resource.get("Condition").and_then(Value::as_str);
        condition.is_none_or(|name| self.evaluator.holds(name).unwrap_or(true))
    }

    /// Deployed resources of some types.
    fn of_kind<'b>(&'b self, kinds: &'b [&str]) -> impl Iterator<Item = (&'b str, &'b Map<String, Value>)> {
        let resources = self.template.get("Resources").and_then(Value::as_object).into_iter().flatten();
        resources.filter_map(move |(id, resource)| {
            let kind = resource.get("Type").and_then(Value::as_str)?;
            (kinds.contains(&kind) && self.present(resource))
                .then(|| Some((id.as_str(), resource.get("Properties")?.as_object()?)))
                .flatten()
        })
    }

    /// A property, worked out.
    fn property(&self, id: &str, properties: &Map<String, Value>, name: &str) -> Result<Option<Value>, Problem> {
        let Some(value) = properties.get(name) else { return Ok(None) };
        self.evaluator
            .value(value)
            .map_err(|why| self.source.problem(&["Resources", id, "Properties", name], format!("{id}.{name}: {why}")))
    }

    fn text(&self, id: &str, properties: &Map<String, Value>, name: &str) -> Result<Option<String>, Problem> {
        Ok(self.property(id, properties, name)?.map(|value| plain(&value)))
    }

    fn flow(&self) -> Result<Option<DeployedFlow>, Problem> {
        let mut flows = Vec::new();
        for (id, properties) in self.of_kind(&["AWS::Connect::ContactFlow"]) {
            if self.text(id, properties, "Type")?.is_some_and(|kind| kind != "CONTACT_FLOW") {
                continue;
            }
            let path = ["Resources", id, "Properties", "Content"];
            let content = self.property(id, properties, "Content")?;
            let content = content.ok_or_else(|| self.source.problem(&path, format!("{id} has no `Content`")))?;
            let place = format!("{}:{}", self.source.file, self.source.spot(&path).line);
            flows.push(DeployedFlow { resource: id.to_owned(), content: plain(&content), place });
        }
        // Beside the bot's, a stack may have flows that call nothing.
        if flows.len() > 1 {
            flows.retain(|flow| Flow::parse(&flow.content).is_ok_and(|flow| flow.functions().next().is_some()));
        }
        let mut flows = flows.into_iter();
        match (flows.next(), flows.next()) {
            (Some(one), Some(other)) => Err(self.source.problem(
                &["Resources", &other.resource],
                format!(
                    "two flows call functions, {} and {}: which is the bot's cannot be told",
                    one.resource, other.resource
                ),
            )),
            (one, _) => Ok(one),
        }
    }

    /// The function that the flow names as the bot's start; without a flow, the one that Connect may invoke.
    fn start_bot(&self, flow: Option<&DeployedFlow>) -> Result<String, Problem> {
        let named: Vec<String> = match flow.and_then(|flow| Flow::parse(&flow.content).ok()) {
            Some(flow) => {
                let start = StartBot::among(flow.functions());
                flow.functions().filter(|arn| start.is(arn)).map(str::to_owned).collect()
            }
            None => Vec::new(),
        };
        if let Some(id) = named.iter().find_map(|arn| self.function_of(arn)) {
            return Ok(id);
        }
        for (id, properties) in self.of_kind(&["AWS::Lambda::Permission"]) {
            if self.text(id, properties, "Principal")?.as_deref() == Some("connect.amazonaws.com") {
                let function = self.text(id, properties, "FunctionName")?.unwrap_or_default();
                if let Some(id) = self.function_of(&function) {
                    return Ok(id);
                }
            }
        }
        let ids: Vec<&str> = self.of_kind(&FUNCTIONS).map(|(id, _)| id).collect();
        let start = ids.iter().find(|id| StartBot::Named.is(id)).map(|id| (*id).to_owned());
        start.ok_or_else(|| {
            let spoken = named.first().map(|arn| format!(": the flow calls {arn}")).unwrap_or_default();
            self.source.problem(&["Resources"], format!("no function of the template starts the bot{spoken}"))
        })
    }

    /// The function's resource by its ARN, its name, or the ARN of an alias or a version.
    fn function_of(&self, text: &str) -> Option<String> {
        let asked = text.split(":function:").last().and_then(|rest| rest.split(':').next())?;
        self.of_kind(&FUNCTIONS).map(|(id, _)| id).find_map(|id| {
            let name = self.evaluator.text(&serde_json::json!({"Ref": id})).ok().flatten()?;
            (name == asked).then(|| id.to_owned())
        })
    }

    fn function(&self, id: &str) -> Result<DeployedFunction, Problem> {
        let none = Map::new();
        let properties = self.of_kind(&FUNCTIONS).find(|(name, _)| *name == id).map_or(&none, |(_, it)| it);
        let globals =
            self.template.get("Globals").and_then(|it| it.get("Function")).and_then(Value::as_object).unwrap_or(&none);
        let (mut variables, mut secrets) = (BTreeMap::new(), Vec::new());
        for properties in [globals, properties] {
            let environment =
                properties.get("Environment").and_then(|it| it.get("Variables")).and_then(Value::as_object);
            for (name, value) in environment.into_iter().flatten() {
                let path = ["Resources", id, "Properties", "Environment", "Variables", name];
                let problem = |why| self.source.problem(&path, format!("{id}, the variable {name}: {why}"));
                match self.evaluator.text(value).map_err(problem)? {
                    Some(text) if text.contains("{{resolve:") => secrets.push(name.clone()),
                    Some(text) => drop(variables.insert(name.clone(), text)),
                    None => {}
                }
            }
        }
        let number = |name: &str, default: u32, least: u32, most: u32| {
            let properties = if properties.contains_key(name) { properties } else { globals };
            let Some(text) = self.text(id, properties, name)? else { return Ok(default) };
            text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
                let path = ["Resources", id, "Properties", name];
                self.source.problem(&path, format!("{id}.{name} takes a number from {least} to {most}, not `{text}`"))
            })
        };
        Ok(DeployedFunction {
            resource: id.to_owned(),
            timeout_seconds: number("Timeout", TIMEOUT_SECONDS, 1, 900)?,
            memory_mb: number("MemorySize", MEMORY_MB, 128, 10_240)?,
            variables,
            secrets,
        })
    }

    /// Subscriptions that lead to a function: resources of their own, in the topic's list, and events of SAM's functions.
    fn subscriptions(&self, notes: &mut Vec<String>) -> Result<Vec<Found>, Problem> {
        let mut found = Vec::new();
        for (id, properties) in self.of_kind(&["AWS::SNS::Subscription"]) {
            found.extend(self.subscription(id, &["Resources", id, "Properties"], properties)?);
        }
        for (id, properties) in self.of_kind(&["AWS::SNS::Topic"]) {
            for inner in properties.get("Subscription").and_then(Value::as_array).into_iter().flatten() {
                let path = ["Resources", id, "Properties", "Subscription"];
                found.extend(inner.as_object().map(|inner| self.subscription(id, &path, inner)).transpose()?.flatten());
            }
        }
        for (id, properties) in self.of_kind(&["AWS::Serverless::Function"]) {
            for (name, event) in properties.get("Events").and_then(Value::as_object).into_iter().flatten() {
                let inner = event.get("Properties").and_then(Value::as_object);
                if let (Some("SNS"), Some(inner)) = (event.get("Type").and_then(Value::as_str), inner) {
                    let path = ["Resources", id, "Properties", "Events", name];
                    let by = match inner.get("SqsSubscription") {
                        None | Some(Value::Bool(false)) => By::Topic,
                        Some(_) => By::Queue { raw: false },
                    };
                    found.push(Found { delivery: self.delivery(id, &path, inner, by)?, function: id.to_owned() });
                }
            }
        }
        for other in self.of_kind(&["AWS::Serverless::Function"]).filter(|(_, it)| it.contains_key("Events")) {
            let unread = other.1.get("Events").and_then(Value::as_object).into_iter().flatten();
            for (name, _) in unread.filter(|(_, it)| {
                it.get("Type").and_then(Value::as_str).is_none_or(|kind| !["SNS", "SQS"].contains(&kind))
            }) {
                notes.push(self.source.note(
                    &["Resources", other.0, "Properties", "Events", name],
                    &format!("the event {name} does not happen here"),
                ));
            }
        }
        Ok(found)
    }

    /// Where a subscription leads; none where it is an e-mail's or somebody else's.
    fn subscription(&self, id: &str, path: &[&str], properties: &Map<String, Value>) -> Result<Option<Found>, Problem> {
        let at = |why: String| self.source.problem(path, format!("{id}: {why}"));
        let text = |name: &str| properties.get(name).map_or(Ok(None), |value| self.evaluator.text(value)).map_err(at);
        let protocol = text("Protocol")?.unwrap_or_default();
        if protocol != "lambda" && protocol != "sqs" {
            return Ok(None);
        }
        let endpoint = text("Endpoint")?.unwrap_or_default();
        let (by, function) = if protocol == "lambda" {
            (By::Topic, self.function_of(&endpoint))
        } else {
            let raw = text("RawMessageDelivery")?.is_some_and(|raw| raw == "true");
            (By::Queue { raw }, self.reader_of(&endpoint)?)
        };
        let Some(function) = function else { return Ok(None) };
        Ok(Some(Found { delivery: self.delivery(id, path, properties, by)?, function }))
    }

    /// The function that reads a queue.
    fn reader_of(&self, queue_arn: &str) -> Result<Option<String>, Problem> {
        for (id, properties) in self.of_kind(&["AWS::Lambda::EventSourceMapping"]) {
            if self.text(id, properties, "EventSourceArn")?.as_deref() == Some(queue_arn) {
                return Ok(self.function_of(&self.text(id, properties, "FunctionName")?.unwrap_or_default()));
            }
        }
        for (id, properties) in self.of_kind(&["AWS::Serverless::Function"]) {
            let events = properties.get("Events").and_then(Value::as_object).into_iter().flatten();
            for queue in events.filter_map(|(_, event)| event.get("Properties")?.get("Queue")) {
                if self.evaluator.text(queue).ok().flatten().as_deref() == Some(queue_arn) {
                    return Ok(Some(id.to_owned()));
                }
            }
        }
        Ok(None)
    }

    fn delivery(&self, id: &str, path: &[&str], properties: &Map<String, Value>, by: By) -> Result<Delivery, Problem> {
        let policy: Vec<&str> = path.iter().copied().chain(["FilterPolicy"]).collect();
        let at = |why: String| self.source.problem(&policy, format!("{id}.FilterPolicy: {why}"));
        let of = |name: &str| properties.get(name).map_or(Ok(None), |value| self.evaluator.value(value)).map_err(at);
        if of("FilterPolicyScope")?.is_some_and(|scope| scope != "MessageAttributes") {
            return Err(at(
                "with FilterPolicyScope: MessageBody it cannot be tried here; filter by MessageAttributes".into()
            ));
        }
        // A template may have it as a text.
        let filter = of("FilterPolicy")?.map(|policy| plain(&policy));
        let place = if filter.is_some() { self.source.spot(&policy) } else { self.source.spot(path) };
        Ok(Delivery { resource: id.to_owned(), filter, place: format!("{}:{}", self.source.file, place.line), by })
    }
}
