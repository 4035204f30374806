//! Calling a function.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Block, Enter, STRAIGHT, Shape, failed};
use crate::flow::{
    reader::{Reader, Whole},
    scope::Scope,
    step::FlowStep,
    template::Template,
    transitions::{ErrorType, Exit},
};

/// A function's answer may have this many bytes of JSON (AWS admin guide, Lambda in flows: 32 KB).
const ANSWER_LIMIT_BYTES: usize = 32 * 1024;

/// `InvokeLambdaFunction`: the flow waits for the answer, or goes on and finds it later under `$.LambdaInvocation`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct InvokeLambdaFunction {
    arn: Template,
    time_limit_s: Whole,
    parameters: BTreeMap<String, Template>,
    response: ResponseType,
    waits: bool,
}

/// `ResponseValidation.ResponseType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResponseType {
    /// A flat object of strings.
    StringMap,
    /// An object with anything in it.
    Json,
}

impl InvokeLambdaFunction {
    /// The function, where it is written as a plain text.
    pub(in crate::flow) fn function(&self) -> Option<&str> {
        self.arn.as_static()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let arn = reader.required_text("LambdaFunctionARN");
        let waits = reader.word("InvocationType", &["SYNCHRONOUS", "ASYNCHRONOUS"]) != Some("ASYNCHRONOUS");
        let time_limit_s = reader.static_whole("InvocationTimeLimitSeconds", if waits { 1..=8 } else { 1..=60 });
        let parameters = reader.texts("LambdaInvocationAttributes").unwrap_or_default();
        let response = reader.object("ResponseValidation", |validation| {
            validation.required_word("ResponseType", &["STRING_MAP", "JSON"])
        });
        Some(Self {
            arn,
            time_limit_s,
            parameters,
            response: if response.flatten() == Some("JSON") { ResponseType::Json } else { ResponseType::StringMap },
            waits,
        })
    }

    /// Takes the function's answer. Each call leaves its own answer or none: a flow must not read the answer of an
    /// earlier call as that of one that failed.
    pub(in crate::flow) fn answered(&self, scope: &mut Scope<'_>, answer: Result<Value, String>) -> Exit {
        scope.memory.external = Value::Null;
        match answer {
            Ok(value) if self.accepts(&value) => {
                scope.memory.external = value;
                Exit::Next
            }
            _ => Exit::Error(ErrorType::NoMatchingError),
        }
    }

    fn accepts(&self, value: &Value) -> bool {
        let Value::Object(members) = value else { return false };
        let shaped = match self.response {
            ResponseType::Json => true,
            ResponseType::StringMap => members.values().all(Value::is_string),
        };
        shaped && value.to_string().len() <= ANSWER_LIMIT_BYTES
    }
}

impl Block for InvokeLambdaFunction {
    fn shape(&self) -> Shape {
        STRAIGHT
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let limit = self.time_limit_s.value(scope).and_then(|seconds| u64::try_from(seconds).ok());
        let Some((arn, seconds)) = scope.fill_some(&self.arn).zip(limit) else {
            scope.memory.external = Value::Null;
            return failed();
        };
        let parameters = scope.fill_all(&self.parameters);
        let time_limit_ms = seconds * 1000;
        if self.waits {
            return Enter::Stand(FlowStep::Invoke { arn, parameters, time_limit_ms });
        }
        let invocation_id = scope.world.fresh_id();
        scope.memory.leave("LambdaInvocation", serde_json::json!({"InvocationId": invocation_id}));
        Enter::Stand(FlowStep::InvokeLater { arn, parameters, time_limit_ms, invocation_id })
    }
}
