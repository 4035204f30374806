//! Modules: flows within a flow.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Block, Branches, Enter, Shape, failed};
use crate::flow::{
    condition::Operator,
    reader::Reader,
    scope::Scope,
    step::FlowStep,
    template::Template,
    transitions::{ErrorType, Exit},
};

/// `InvokeFlowModule`.
#[derive(Debug, Clone)]
pub(in crate::flow) struct InvokeFlowModule {
    module: Template,
    input: BTreeMap<String, Template>,
}

impl InvokeFlowModule {
    /// The module, where it is written as a plain text.
    pub(in crate::flow) fn module(&self) -> Option<&str> {
        self.module.as_static()
    }

    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let module = reader.required_text("FlowModuleId");
        let input = reader.texts("Input").unwrap_or_default();
        if !input.is_empty() {
            reader.note("unpublished-parameter", "no page of AWS says how a module's input is written");
        }
        Some(Self { module, input })
    }

    /// The module is over. A module that names a result decides over the conditions.
    pub(in crate::flow) fn returned(
        scope: &mut Scope<'_>,
        result: Option<String>,
        data: &BTreeMap<String, String>,
    ) -> Exit {
        scope.memory.leave("Modules", json!({"Result": result, "ResultData": data}));
        result.map_or(Exit::Next, Exit::Value)
    }
}

impl Block for InvokeFlowModule {
    fn shape(&self) -> Shape {
        Shape {
            goes_on: true,
            required: &[ErrorType::NoMatchingError],
            optional: &[ErrorType::NoMatchingCondition],
            refused: &[],
            branches: Branches::Own(&[Operator::Equals], None),
        }
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let input = scope.fill_all(&self.input);
        match scope.fill_some(&self.module) {
            Some(module) => Enter::Stand(FlowStep::InvokeModule { module, input }),
            None => failed(),
        }
    }
}

/// `EndFlowModuleExecution`: back to the flow that called.
#[derive(Debug, Clone)]
pub(in crate::flow) struct EndFlowModuleExecution {
    result: Option<Template>,
    data: BTreeMap<String, Template>,
}

impl EndFlowModuleExecution {
    #[expect(clippy::unnecessary_wraps, reason = "every action is read the same way")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let (result, data) = (reader.text("Result"), reader.texts("ResultData").unwrap_or_default());
        if result.is_some() || !data.is_empty() {
            reader.note("unpublished-parameter", "no page of AWS says how a module's result is written");
        }
        Some(Self { result, data })
    }
}

impl Block for EndFlowModuleExecution {
    fn shape(&self) -> Shape {
        super::end::TERMINAL
    }

    fn enter(&self, scope: &mut Scope<'_>) -> Enter {
        let result = self.result.as_ref().and_then(|result| scope.fill_some(result));
        Enter::Over(FlowStep::EndModule { result, data: scope.fill_all(&self.data) })
    }
}
