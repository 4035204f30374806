//! Invocations: answers, errors, deaths, deadlines, the number of children.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use relevo_host::{Function, FunctionSetup, InvokeError, LogLines};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpListener, sync::mpsc};

use crate::child::ARGUMENTS;

/// No step takes long; this only keeps a broken one from hanging.
const PATIENCE: Duration = Duration::from_mins(1);

struct Lines(mpsc::UnboundedSender<String>);

impl LogLines for Lines {
    fn line(&self, function: &str, line: &str) {
        drop(self.0.send(format!("{function}: {line}")));
    }
}

fn setup() -> (FunctionSetup, mpsc::UnboundedReceiver<String>) {
    let (send, lines) = mpsc::unbounded_channel();
    let setup = FunctionSetup {
        name: "echo".into(),
        region: "eu-west-1".into(),
        account_id: "210987654321".into(),
        binary: std::env::current_exe().unwrap(),
        directory: None,
        arguments: ARGUMENTS.map(str::to_owned).to_vec(),
        variables: vec![("OWN".into(), "1".into())],
        timeout: PATIENCE,
        init_timeout: PATIENCE,
        memory_mb: 256,
        most_children: 2,
        most_starting: 2,
        log: Arc::new(Lines(send)),
    };
    (setup, lines)
}

fn function(change: impl FnOnce(&mut FunctionSetup)) -> Function {
    let (mut setup, _) = setup();
    change(&mut setup);
    Function::new(setup)
}

async fn invoke(function: &Function, event: &Value) -> Result<Value, InvokeError> {
    let answer = function.invoke(event.to_string(), || {}).await?;
    Ok(serde_json::from_slice(&answer).unwrap())
}

/// A child that has answered asks for its next event a moment later; until then an invocation finds it busy.
async fn pid(function: &Function) -> u64 {
    let answer = function.invoke(json!({"do": "tell"}).to_string(), || {}).await.unwrap();
    serde_json::from_slice::<Value>(&answer).unwrap()["pid"].as_u64().unwrap()
}

#[tokio::test]
async fn a_child_is_told_what_lambda_tells_and_nothing_of_this_machine() {
    let function = function(|_| {});
    let told = invoke(&function, &json!({"do": "tell"})).await.unwrap();
    let headers = &told["headers"];
    assert_eq!(headers["lambda-runtime-invoked-function-arn"], "arn:aws:lambda:eu-west-1:210987654321:function:echo");
    assert!(
        headers["lambda-runtime-deadline-ms"].as_str().unwrap().parse::<u64>().is_ok_and(|it| it > 1_700_000_000_000)
    );
    let trace = headers["lambda-runtime-trace-id"].as_str().unwrap();
    assert!(trace.starts_with("Root=1-") && trace.contains(";Sampled=0"), "{trace}");
    let names: Vec<&str> = told["names"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    for name in ["AWS_LAMBDA_RUNTIME_API", "AWS_LAMBDA_FUNCTION_NAME", "LAMBDA_TASK_ROOT", "AWS_REGION", "OWN"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for name in ["PATH", "HOME", "CARGO_MANIFEST_DIR"] {
        assert!(!names.contains(&name), "{name}");
    }
}

#[tokio::test]
async fn a_child_is_used_again_and_replaced_when_it_is_gone() {
    let function = function(|it| it.most_children = 1);
    let first = pid(&function).await;
    assert_eq!(pid(&function).await, first);
    let last = function.invoke(json!({"do": "answer and exit"}).to_string(), || {}).await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&last).unwrap()["pid"], first);
    assert_ne!(pid(&function).await, first);
}

#[tokio::test]
async fn errors_and_deaths_end_the_invocation_and_the_next_one_is_served() {
    let function = function(|_| {});
    let sad = invoke(&function, &json!({"do": "fail"})).await.unwrap_err();
    assert_eq!(sad.payload(), json!({"errorType": "Sad", "errorMessage": "no luck"}));
    let dead = invoke(&function, &json!({"do": "exit"})).await.unwrap_err();
    assert_eq!(dead.error_type(), "Runtime.ExitError");
    assert!(dead.to_string().ends_with("Error: Runtime exited with error: exit status 3"), "{dead}");
    let large = invoke(&function, &json!({"do": "too much"})).await.unwrap_err();
    assert_eq!(large.error_type(), "Function.ResponseSizeTooLarge");
    assert_eq!(invoke(&function, &json!({"do": "echo", "it": "ñ"})).await.unwrap()["it"], "ñ");
}

#[tokio::test]
async fn the_deadline_kills_the_child() {
    let function = function(|it| {
        it.timeout = Duration::from_millis(300);
        it.most_children = 1;
    });
    let late = invoke(&function, &json!({"do": "hang"})).await.unwrap_err();
    assert_eq!(late.error_type(), "Sandbox.Timedout");
    assert!(late.to_string().ends_with("Task timed out after 0.30 seconds"), "{late}");
    // The only place is free again: the child is gone, and another one answers.
    let answer = function.invoke(json!({"do": "echo"}).to_string(), || {}).await;
    assert!(answer.is_ok(), "{answer:?}");
}

#[tokio::test]
async fn a_function_that_does_not_start_says_why() {
    let cases: [(&str, &str, &str); 2] =
        [("init-error", "Boot", "no table"), ("dies", "Runtime.ExitError", "exit status 7")];
    for (mode, kind, text) in cases {
        let function = function(|it| it.variables.push(("MODE".into(), mode.into())));
        let error = invoke(&function, &json!({})).await.unwrap_err();
        assert!(error.error_type() == kind && error.to_string().contains(text), "{mode}: {error}");
    }
    let never = function(|it| {
        it.variables.push(("MODE".into(), "never".into()));
        it.init_timeout = Duration::from_millis(300);
    });
    assert_eq!(invoke(&never, &json!({})).await.unwrap_err().error_type(), "Init.Timedout");
    let absent = function(|it| it.binary = it.binary.with_file_name("no-such-binary"));
    assert_eq!(invoke(&absent, &json!({})).await.unwrap_err().error_type(), "Runtime.InvalidEntrypoint");
}

#[tokio::test]
async fn as_many_children_run_as_invocations_and_no_more_than_may() {
    let function = function(|_| {});
    let gate = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let event = json!({"do": "wait", "gate": gate.local_addr().unwrap().to_string()}).to_string();
    let begun = Arc::new(AtomicUsize::new(0));
    let start = || {
        let (function, event, begun) = (function.clone(), event.clone(), Arc::clone(&begun));
        let begins = move || {
            begun.fetch_add(1, Ordering::Relaxed);
        };
        tokio::spawn(async move { function.invoke(event, begins).await })
    };
    let running = [start(), start()];
    // Both are in their children at the same time.
    let mut gates = [gate.accept().await.unwrap().0, gate.accept().await.unwrap().0];
    let waiting = start();
    tokio::task::yield_now().await;
    assert_eq!(begun.load(Ordering::Relaxed), 2);
    for gate in &mut gates {
        gate.write_all(b"!").await.unwrap();
    }
    gate.accept().await.unwrap().0.write_all(b"!").await.unwrap();
    assert_eq!(begun.load(Ordering::Relaxed), 3);
    let mut children = HashSet::new();
    for invocation in running.into_iter().chain([waiting]) {
        let answer = invocation.await.unwrap().unwrap();
        children.insert(serde_json::from_slice::<Value>(&answer).unwrap()["pid"].as_u64().unwrap());
    }
    assert_eq!(children.len(), 2);
}

#[tokio::test]
async fn an_invocation_goes_on_when_nobody_waits_for_it() {
    let function = function(|it| it.most_children = 1);
    let gate = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let event = json!({"do": "wait", "gate": gate.local_addr().unwrap().to_string()}).to_string();
    let first = pid(&function).await;
    let caller = tokio::spawn({
        let function = function.clone();
        async move { function.invoke(event, || {}).await }
    });
    let mut child = gate.accept().await.unwrap().0;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    child.write_all(b"!").await.unwrap();
    assert_eq!(pid(&function).await, first);
}

#[tokio::test]
async fn an_answer_to_another_invocation_and_a_question_too_early_are_refused() {
    let function = function(|_| {});
    let told = invoke(&function, &json!({"do": "wrong id"})).await.unwrap();
    assert_eq!(told, json!({"wrong": 400, "early": 403}));
}

#[tokio::test]
async fn what_children_write_comes_line_by_line() {
    let (setup, mut lines) = setup();
    let function = Function::new(setup);
    invoke(&function, &json!({"do": "say"})).await.unwrap();
    let mut wanted = vec!["echo: to stdout", "echo: to stderr"];
    while !wanted.is_empty() {
        let line = tokio::time::timeout(PATIENCE, lines.recv()).await.unwrap().unwrap();
        wanted.retain(|it| *it != line);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn children_die_with_their_function() {
    let function = function(|_| {});
    let child = pid(&function).await;
    let gone = || !std::path::Path::new(&format!("/proc/{child}/exe")).exists();
    assert!(!gone());
    drop(function);
    tokio::time::timeout(PATIENCE, async {
        while !gone() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
}

/// Each makes a folder that there must not be when the next begins, takes its time, and gives up.
#[tokio::test]
async fn no_more_start_at_once_than_may() {
    let folder = std::env::temp_dir().join(format!("relevo-starting-{}", std::process::id()));
    let turn = folder.display();
    let script = format!(
        "mkdir '{turn}' || echo together; i=0; while [ $i -lt 5000 ]; do i=$((i+1)); done; rmdir '{turn}'; echo begun; exit 1"
    );
    let (mut setup, mut lines) = setup();
    setup.binary = "/bin/sh".into();
    setup.arguments = vec!["-c".into(), script];
    (setup.most_children, setup.most_starting) = (6, 1);
    let function = Function::new(setup);
    let all: Vec<_> = (0..6)
        .map(|_| {
            let function = function.clone();
            tokio::spawn(async move { function.invoke("{}", || {}).await })
        })
        .collect();
    for one in all {
        assert!(one.await.unwrap().is_err());
    }
    drop(function);
    let mut said = Vec::new();
    while let Some(line) = lines.recv().await {
        said.push(line);
    }
    assert_eq!(said, vec!["echo: begun"; 6]);
}
