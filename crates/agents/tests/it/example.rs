//! The example bot with the offline model and its tables, through the runtime: nothing is scripted.

use std::{
    path::Path,
    sync::{Arc, atomic::AtomicU64},
};

use futures_util::StreamExt;
use relevo_agents::{
    definition::{Definition, agent::Collaboration},
    model::offline::OfflineModel,
    runtime::{AgentEvent, InvocationResult, InvokeAgent, MemoryRuns, Ports, ReturnControl, Runtime, SessionState},
    tools::{MemoryTables, TableTools, TableToolsPorts, Tables},
};
use serde_json::Value;

use crate::support::{Bytes, CountedIds, SetClock, function_of, result_of};

struct Bot {
    runtime: Runtime,
    tables: Arc<MemoryTables>,
}

fn bot(mode: Collaboration) -> Bot {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/envios");
    let mut definition = Definition::<Value>::load(&folder).unwrap_or_else(|problems| panic!("{problems:#?}"));
    definition.agent.agent_collaboration = mode;
    let model = Arc::new(OfflineModel::of(&definition).unwrap());
    let (agents, _) = definition.split();
    let (tables, clock) = (Arc::new(MemoryTables::default()), Arc::new(SetClock::default()));
    let random = Arc::new(Bytes(vec![2, 0, 2, 5, 0, 3, 1, 4, 2, 2, 0, 9, 7], AtomicU64::new(0)));
    let tools =
        TableTools::new(Arc::clone(&agents), TableToolsPorts { tables: tables.clone(), clock: clock.clone(), random });
    let ports = Ports {
        model,
        tools: Arc::new(tools),
        runs: Arc::new(MemoryRuns::default()),
        clock,
        ids: Arc::new(CountedIds::default()),
    };
    Bot { runtime: Runtime::new(&agents, ports), tables }
}

impl Bot {
    async fn last(&self, request: InvokeAgent) -> AgentEvent {
        self.runtime.invoke(request).await.unwrap().map(Result::unwrap).collect::<Vec<_>>().await.pop().unwrap()
    }

    async fn say(&self, text: &str) -> AgentEvent {
        let request =
            InvokeAgent { session_id: "contact-1".into(), input_text: Some(text.into()), ..InvokeAgent::default() };
        self.last(request).await
    }

    async fn answer(&self, text: &str) -> String {
        match self.say(text).await {
            AgentEvent::Chunk(bytes) => String::from_utf8(bytes).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn result(&self, control: &ReturnControl) -> AgentEvent {
        self.last(InvokeAgent {
            session_id: "contact-1".into(),
            session_state: SessionState {
                invocation_id: Some(control.invocation_id.clone()),
                return_control_invocation_results: vec![InvocationResult::FunctionResult(result_of(
                    control,
                    0,
                    "escalation=OK",
                ))],
                ..SessionState::default()
            },
            ..InvokeAgent::default()
        })
        .await
    }
}

#[tokio::test]
async fn order_ticket_person() {
    // The router's collaborators see what was done; the supervisor alone does not, so there the customer says it outright.
    for (mode, problem) in [
        (Collaboration::SupervisorRouter, "El problema es que no ha llegado y lleva más de 5 meses en envío"),
        (Collaboration::Supervisor, "Quiero poner un reclamo: no ha llegado y lleva más de 5 meses en envío"),
    ] {
        let bot = bot(mode);
        let asked = bot.answer("Hola, tengo un problema con mi pedido").await;
        assert!(asked.contains('?'), "{mode:?}: {asked}");
        let told = bot.answer("el pedido 10020030 no ha llegado, rut 12.345.678-9").await;
        assert!(told.contains("Despacho Programado"), "{mode:?}: {told}");
        let opened = bot.answer(problem).await;
        let rows = bot.tables.rows("tickets").await.unwrap();
        assert_eq!(rows.len(), 1, "{mode:?}: {opened}");
        let number = rows[0]["ticket_number"].as_str().unwrap();
        assert!(opened.contains(number), "{mode:?}: {opened}");
        let AgentEvent::ReturnControl(control) = bot.say("¿Podemos escalarlo a una persona?").await else {
            panic!("{mode:?}: no hand-off")
        };
        let input = function_of(&control, 0);
        assert_eq!(input.function, "escalate");
        let value = |name: &str| input.parameters.iter().find(|p| p.name == name).map(|p| p.value.as_str());
        assert_eq!(value("order_number"), Some("10020030"), "{mode:?}: {input:?}");
        assert_eq!(value("ticket_number"), Some(number), "{mode:?}: {input:?}");
        assert!(matches!(bot.result(&control).await, AgentEvent::Chunk(bytes) if !bytes.is_empty()), "{mode:?}");
    }
}
