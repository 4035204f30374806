//! Dialogues of the offline model through the runtime, in both ways to lead a team: the example bot, and a clinic.

use std::{
    path::Path,
    sync::{Arc, atomic::AtomicU64},
};

use async_trait::async_trait;
use futures_util::StreamExt;
use relevo_agents::{
    definition::{Definition, agent::Collaboration},
    model::offline::OfflineModel,
    runtime::{AgentEvent, InvokeAgent, MemoryRuns, Ports, Runtime},
    tools::{MemoryTables, TableTools, TableToolsPorts, ToolCall, ToolError, ToolOutput, Tools},
};
use serde_json::Value;

use crate::support::{Bytes, CountedIds, SetClock, function_of};

const MODES: [Collaboration; 2] = [Collaboration::SupervisorRouter, Collaboration::Supervisor];

/// The clinic's functions all work.
struct Works;

#[async_trait]
impl Tools for Works {
    async fn call(&self, call: ToolCall) -> Result<ToolOutput, ToolError> {
        Ok(if call.function == "getTestResults" { r#"{"ready": true}"#.into() } else { "done".into() })
    }
}

fn envios(mode: Collaboration) -> Runtime {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios");
    runtime(Definition::load(&folder).unwrap_or_else(|problems| panic!("{problems:#?}")), mode, None)
}

fn clinic(mode: Collaboration) -> Runtime {
    let text = include_str!("../../src/model/offline/tests/clinic.yaml");
    runtime(serde_saphyr::from_str(text).unwrap(), mode, Some(Arc::new(Works)))
}

fn runtime(mut definition: Definition<Value>, mode: Collaboration, tools: Option<Arc<dyn Tools>>) -> Runtime {
    definition.agent.agent_collaboration = mode;
    let model = Arc::new(OfflineModel::of(&definition).unwrap());
    let (agents, _) = definition.split();
    let (tables, clock) = (Arc::new(MemoryTables::default()), Arc::new(SetClock::default()));
    let random = Arc::new(Bytes(vec![7, 3, 0, 9, 1, 5, 2, 8, 4, 4, 6, 6, 1], AtomicU64::new(0)));
    let tools = tools.unwrap_or_else(|| {
        Arc::new(TableTools::new(Arc::clone(&agents), TableToolsPorts { tables, clock: clock.clone(), random }))
    });
    let runs = Arc::new(MemoryRuns::default());
    Runtime::new(&agents, Ports { model, tools, runs, clock, ids: Arc::new(CountedIds::default()) })
}

/// Each line is what the customer says and what must be (or with `!` must not be) in the answer; a return of control
/// reads as `->function name=value…`.
async fn hold(runtime: &Runtime, mode: Collaboration, lines: &[(&str, &[&str])]) {
    for (text, wanted) in lines {
        let request =
            InvokeAgent { session_id: "contact".into(), input_text: Some((*text).into()), ..InvokeAgent::default() };
        let events: Vec<AgentEvent> = runtime.invoke(request).await.unwrap().map(Result::unwrap).collect().await;
        let mut answer = String::new();
        for event in events {
            match event {
                AgentEvent::Chunk(bytes) | AgentEvent::CitedChunk(bytes, _) => {
                    answer.push_str(&String::from_utf8(bytes).unwrap());
                }
                AgentEvent::ReturnControl(control) => {
                    for input in (0..control.invocation_inputs.len()).map(|index| function_of(&control, index)) {
                        answer.extend(["->", &input.function]);
                        answer.extend(input.parameters.iter().map(|p| format!(" {}={}", p.name, p.value)));
                    }
                }
                AgentEvent::Trace(_) | AgentEvent::Summary(_) => {}
            }
        }
        for part in *wanted {
            match part.strip_prefix('!') {
                Some(absent) => assert!(!answer.contains(absent), "{mode:?} {text}: {absent} in {answer}"),
                None => assert!(answer.contains(part), "{mode:?} {text}: no {part} in {answer}"),
            }
        }
    }
}

#[tokio::test]
async fn envios_in_spanish() {
    for mode in MODES {
        let lines: &[(&str, &[&str])] = &[
            ("hola!", &["¡Hola!"]),
            ("Tengo un problema con mi pedido", &["número de pedido", "RUT"]),
            ("10020030", &["RUT", "!8 dígitos"]),
            ("12345678-9", &["Despacho Programado", "6 de agosto de 2024"]),
            ("El problema que no ha llegado y tiene mas de 5 meses en envío", &["Abrí el ticket"]),
            ("¿y cómo va mi ticket?", &["abierto"]),
            ("gracias", &["¡Con gusto!"]),
            (
                "Podemos escalarlo a una persona?",
                &[
                    "->escalate",
                    "order_number=10020030",
                    "identity_document_number=12345678-9",
                    "ticket_number=",
                    "5 meses",
                ],
            ),
        ];
        hold(&envios(mode), mode, lines).await;
    }
}

#[tokio::test]
async fn envios_in_english_with_a_correction() {
    for mode in MODES {
        let lines: &[(&str, &[&str])] = &[
            ("my parcel has not arrived, order 10020031, id 12345678-9", &["could not find"]),
            ("sorry, it's 10020030", &["Despacho Programado", "August 6, 2024"]),
            ("what can I do?", &["I opened ticket"]),
            ("thanks, that's all", &["nice day"]),
        ];
        hold(&envios(mode), mode, lines).await;
    }
}

#[tokio::test]
async fn a_change_of_mind_and_two_wishes_at_once() {
    for mode in MODES {
        let lines: &[(&str, &[&str])] = &[
            ("dónde está mi pedido", &["RUT"]),
            ("qué?", &["RUT"]),
            ("no, mejor abre un reclamo", &["RUT"]),
            ("10020030 12.345.678-9", &["Abrí el ticket"]),
        ];
        hold(&envios(mode), mode, lines).await;
        let lines: &[(&str, &[&str])] = &[(
            "quiero saber el estado de mi pedido 10020030 y también abrir un reclamo, mi rut es 12345678-9",
            &["Despacho Programado", "Abrí el ticket"],
        )];
        hold(&envios(mode), mode, lines).await;
        let lines: &[(&str, &[&str])] =
            &[("where is my order", &["RUT"]), ("I don't have it, let me talk to someone", &["->escalate"])];
        hold(&envios(mode), mode, lines).await;
    }
}

#[tokio::test]
async fn a_clinic_in_two_languages() {
    for mode in MODES {
        let lines: &[(&str, &[&str])] = &[
            ("I'd like an appointment with a cardiologist tomorrow", &["full name"]),
            ("Maria da Silva", &["booked with cardiology on tomorrow, Maria da Silva"]),
            ("please cancel booking AB1234", &["fee back"]),
            ("no", &["AB1234 is cancelled"]),
            ("is sample S-123456 ready?", &["results are ready"]),
            ("I need to speak to a human", &["->callNurse reason="]),
        ];
        hold(&clinic(mode), mode, lines).await;
        let lines: &[(&str, &[&str])] = &[
            ("bom dia, queria marcar uma consulta", &["especialidade", "o dia"]),
            ("dermatologista, na sexta", &["nome completo"]),
            ("João Souza", &["Consulta marcada", "João Souza"]),
        ];
        hold(&clinic(mode), mode, lines).await;
    }
}
