//! The binary as a person meets it: what it prints where, and how it ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says that it failed by a panic"
)]

mod chat;
mod conversations;
mod flows;
mod house;
mod import;

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/envios");

fn relevo(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_relevo")).args(arguments).output().unwrap()
}

/// A copy of the example with one replacement in one file; answers its folder and the line of the replacement.
fn broken(file: &str, from: &str, to: &str) -> (tempfile::TempDir, usize) {
    let copy = tempfile::tempdir().unwrap();
    copy_all(Path::new(EXAMPLE), copy.path());
    let path = copy.path().join(file);
    let text = fs::read_to_string(&path).unwrap();
    let at = text.find(from).unwrap_or_else(|| panic!("{from} is not in {file}"));
    fs::write(&path, text.replacen(from, to, 1)).unwrap();
    (copy, text[..at].lines().count().max(1) + usize::from(text[..at].ends_with('\n')))
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry: PathBuf = entry.unwrap().path();
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_all(&entry, &target);
        } else {
            fs::copy(&entry, &target).unwrap();
        }
    }
}

#[test]
fn the_example_is_whole() {
    let output = relevo(&["check", EXAMPLE]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains("warning"), "{text}");
}

#[test]
fn a_broken_folder_does_not_start_and_says_where_it_is_broken() {
    let cases = [
        ("bot.yaml", "languages:", "langages:", "langages", "languages"),
        ("bot.yaml", "collaboratorName: orders", "collaboratorName: ordres", "ordres", "orders"),
        (
            "flow.json",
            "\"TransferContactToQueue\"",
            "\"TransferContactToQueu\"",
            "TransferContactToQueu",
            "TransferContactToQueue",
        ),
        ("flow.json", "\"NextAction\": \"start-bot\"", "\"NextAction\": \"start-bott\"", "start-bott", "start-bot"),
    ];
    for (file, from, to, named, hinted) in cases {
        let (folder, line) = broken(file, from, to);
        let data = tempfile::tempdir().unwrap();
        let (bot, data) = (folder.path().to_str().unwrap(), data.path().to_str().unwrap());
        let output = relevo(&["up", "--port", "0", "--bot", bot, "--data", data]);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(output.stdout.is_empty());
        let errors: Vec<&str> = text.lines().filter(|line| line.starts_with("error")).collect();
        let place = format!("{file}:{line}:");
        assert!(
            errors.iter().any(|error| error.contains(&place) && error.contains(named) && error.contains(hinted)),
            "{place} {text}"
        );
        assert_eq!(relevo(&["check", bot]).status.code(), Some(1));
    }
}

#[test]
fn knowledge_bases_are_checked_with_their_documents() {
    let bases = "knowledgeBases:\n  FAQ: {folder: faq}\n  KB12345678: {bedrock: true}\nlanguages:";
    let (folder, line) = broken("bot.yaml", "languages:", bases);
    let check = || {
        let output = relevo(&["check", folder.path().to_str().unwrap()]);
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = check();
    let wanted = format!("bot.yaml:{}:17: folder faq: there is no such folder", line + 1);
    assert!(code == Some(1) && text.contains(&wanted), "{text}");
    fs::create_dir(folder.path().join("faq")).unwrap();
    fs::write(folder.path().join("faq/a.md"), "# A\n\nText.\n").unwrap();
    fs::write(folder.path().join("faq/b.pdf"), "not a PDF").unwrap();
    let (code, text) = check();
    assert_eq!(code, Some(0), "{text}");
    let left_out = format!("bot.yaml:{}:17: knowledge base FAQ: faq/b.pdf is left out: not a PDF", line + 1);
    let elsewhere = format!("bot.yaml:{}:3: knowledge base KB12345678 is at Bedrock", line + 2);
    assert!(text.contains(&left_out) && text.contains(&elsewhere), "{text}");
}

#[test]
fn a_port_in_use_is_said() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data = tempfile::tempdir().unwrap();
    let output = relevo(&["up", "--port", &port, "--bot", EXAMPLE, "--data", data.path().to_str().unwrap()]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(&port) && text.contains("--port"), "{text}");
}

#[test]
fn a_folder_that_is_not_there_is_said() {
    let output = relevo(&["up", "--bot", "no/such/folder"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("no/such/folder") && text.contains("--bot"), "{text}");
}

#[test]
fn a_data_folder_that_is_a_file_is_said() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let output = relevo(&["up", "--port", "0", "--bot", EXAMPLE, "--data", path]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains(path) && text.contains("--data"), "{text}");
}

#[test]
fn wrong_use_is_2() {
    assert_eq!(relevo(&["upp"]).status.code(), Some(2));
    assert_eq!(relevo(&["up", "--port", "many"]).status.code(), Some(2));
    assert_eq!(relevo(&["up", "--message-limit", "0"]).status.code(), Some(2));
    assert_eq!(relevo(&["up", "--allow-origin", "foo"]).status.code(), Some(2));
    assert_eq!(relevo(&["--help"]).status.code(), Some(0));
}

#[test]
fn functions_that_are_not_built_are_asked_for_with_the_way_to_build_them() {
    let (data, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (data, folder) = (data.path().to_str().unwrap(), empty.path().to_str().unwrap());
    let arguments =
        ["up", "--port", "0", "--bot", EXAMPLE, "--data", data, "--lambdas", "process", "--lambdas-dir", folder];
    let output = relevo(&arguments);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(output.stdout.is_empty());
    assert!(text.contains("start-bot") && text.contains("cargo build --release -p relevo-lambdas"), "{text}");
}
