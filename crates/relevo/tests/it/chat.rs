//! `relevo chat` from outside: a script's conversation with a running `relevo up`.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Output, Stdio},
};

use crate::{EXAMPLE, relevo};

/// A running server; dropped, it is gone.
struct Up {
    child: Child,
    url: String,
    _data: tempfile::TempDir,
}

impl Up {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_relevo"))
            .args(["up", "--port", "0", "--bot", EXAMPLE, "--data", data.path().to_str().unwrap()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
        Self { child, url: url.trim().to_owned(), _data: data }
    }

    fn chat(&self, arguments: &[&str], lines: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_relevo"))
            .args(["chat", "--endpoint", &self.url])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_script_talks_with_the_bot_and_is_handed_over() {
    let up = Up::start();
    let lines = "where is my parcel 10020030? my document is 12345678-9\n\nI want to talk to a person\n";
    let output = up.chat(&["--name", "Ana", "--language", "en"], lines);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let of = |start: &str| said.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((of("Ana (customer): "), of("– waiting for a person")), (2, 1), "{said}");
    assert!(of("Assistant (bot): ") >= 3 && said.contains("acacias"), "{said}");
    let asked = said.find("Ana (customer): I want").unwrap();
    assert!(said.find("acacias").unwrap() < asked, "each line waits for the answer to the one before: {said}");
    assert!(!said.contains('\u{1b}'), "no colours where there is no terminal");

    let output = up.chat(&["--json", "--language", "es", "--attribute", "plan=gold"], "hola\n");
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.first().unwrap()["type"], "started");
    assert_eq!((&lines.last().unwrap()["type"], &lines.last().unwrap()["well"]), (&"ended".into(), &true.into()));
    let is = |role: &str| lines.iter().filter(|line| line["type"] == "message" && line["role"] == role).count();
    assert_eq!(is("CUSTOMER"), 1);
    assert!(is("CUSTOM_BOT") >= 2, "{said}");
}

#[test]
fn where_nobody_listens_is_2_and_says_what_to_run() {
    let output = relevo(&["chat", "--endpoint", "http://127.0.0.1:9"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("http://127.0.0.1:9") && said.contains("relevo up"), "{said}");
    for wrong in [&["--endpoint", "localhost:8080"], &["--endpoint", "http://x/y"], &["--attribute", "plan"]] {
        let output = relevo(&[&["chat"], &wrong[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
}
