//! The function under test: this very binary, started by the host as a child, with a runtime of its own over plain TCP.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::exit,
};

use serde_json::{Value, json};

/// What the host starts this binary with, so that it runs the test below and no other.
pub(crate) const ARGUMENTS: [&str; 3] = ["--exact", "child::the_function", "--nocapture"];

/// A test in name alone: without Lambda's variables it does nothing.
#[test]
fn the_function() {
    let Ok(api) = std::env::var("AWS_LAMBDA_RUNTIME_API") else { return };
    match std::env::var("MODE").as_deref() {
        Ok("never") => loop {
            std::thread::park();
        },
        Ok("init-error") => {
            let error = json!({"errorType": "Boot", "errorMessage": "no table"});
            call(&api, "POST", "init/error", error.to_string().as_bytes());
            exit(1);
        }
        Ok("dies") => exit(7),
        _ => {}
    }
    loop {
        let (status, headers, body) = call(&api, "GET", "invocation/next", b"");
        assert_eq!(status, 200);
        let id = headers["lambda-runtime-aws-request-id"].clone();
        let event: Value = serde_json::from_slice(&body).unwrap();
        let answer = |body: &[u8]| call(&api, "POST", &format!("invocation/{id}/response"), body).0;
        match event["do"].as_str().unwrap() {
            "echo" => drop(answer(&body)),
            "tell" => {
                let names: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
                answer(json!({"pid": std::process::id(), "headers": headers, "names": names}).to_string().as_bytes());
            }
            "fail" => {
                let error = br#"{"errorType":"Sad","errorMessage":"no luck","stackTrace":[]}"#;
                call(&api, "POST", &format!("invocation/{id}/error"), error);
            }
            "say" => {
                println!("to stdout");
                eprintln!("to stderr");
                answer(b"{}");
            }
            "exit" => exit(3),
            "answer and exit" => {
                answer(json!({"pid": std::process::id()}).to_string().as_bytes());
                exit(0);
            }
            "hang" => loop {
                std::thread::park();
            },
            "too much" => {
                answer(&vec![b' '; 7 * 1024 * 1024]);
            }
            "wrong id" => {
                let wrong = call(&api, "POST", "invocation/another/response", b"{}").0;
                let early = call(&api, "GET", "invocation/next", b"").0;
                answer(json!({"wrong": wrong, "early": early}).to_string().as_bytes());
            }
            // Waits for the test's word.
            "wait" => {
                let mut gate = TcpStream::connect(event["gate"].as_str().unwrap()).unwrap();
                gate.read_exact(&mut [0]).unwrap();
                answer(json!({"pid": std::process::id()}).to_string().as_bytes());
            }
            other => panic!("{other}"),
        }
    }
}

/// One request on a connection of its own.
fn call(api: &str, method: &str, path: &str, body: &[u8]) -> (u16, HashMap<String, String>, Vec<u8>) {
    let mut stream = TcpStream::connect(api).unwrap();
    let head = format!(
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {api}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    // A refused body may not be read to its end.
    drop(stream.write_all(body));
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() {
        return (0, HashMap::new(), Vec::new());
    }
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut answer = Vec::new();
    reader.read_to_end(&mut answer).unwrap();
    (status, headers, answer)
}
