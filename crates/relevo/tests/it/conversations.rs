//! `relevo test` from outside: every example, what its exit codes mean, and what it says.

use std::{fs, path::Path};

use crate::{EXAMPLE, copy_all, relevo};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

/// A folder with the demo bot's definition and one file of conversations.
fn bot(conversations: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_all(Path::new(EXAMPLE), folder.path());
    fs::remove_dir_all(folder.path().join("conversations")).unwrap();
    fs::create_dir(folder.path().join("conversations")).unwrap();
    fs::write(folder.path().join("conversations/all.yaml"), conversations).unwrap();
    folder
}

#[test]
fn every_example_is_sound_and_its_conversations_pass() {
    let mut count = 0;
    for entry in fs::read_dir(EXAMPLES).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.join("bot.yaml").is_file() {
            continue;
        }
        count += 1;
        let name = folder.to_str().unwrap();
        let check = relevo(&["check", name]);
        let said = String::from_utf8(check.stdout).unwrap();
        assert_eq!(check.status.code(), Some(0), "{said}");
        assert!(!said.contains("warning:"), "{said}");
        let test = relevo(&["test", "--bot", name]);
        let said = String::from_utf8(test.stdout).unwrap();
        assert_eq!(test.status.code(), Some(0), "{said}");
        let closing = said.lines().last().unwrap();
        assert!(closing.contains(" 0 failed") && !closing.contains("0 passed"), "{closing}");
    }
    assert!(count > 0);
}

#[test]
fn what_fails_is_1_with_the_place_and_the_transcript() {
    let folder = bot("
- name: good
  turns: [{customer: hola, expect: {answer: Hola}}]
- name: bad
  turns:
    - {customer: hola, expect: {answer: Adiós}}
");
    let path = folder.path().to_str().unwrap();
    let report = folder.path().join("report.html");
    let junit = folder.path().join("junit.xml");
    let output =
        relevo(&["test", "--bot", path, "--report", report.to_str().unwrap(), "--junit", junit.to_str().unwrap()]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("  ok      good") && said.contains("  FAILED  bad"), "{said}");
    assert!(said.contains("all.yaml:6: turn 1: the answer: expected a text with “Adiós”"), "{said}");
    assert!(
        said.contains("| customer: hola") && said.ends_with("2 conversations, 2 turns: 1 passed, 1 failed\n"),
        "{said}"
    );
    assert!(fs::read_to_string(report).unwrap().contains("1 passed"));
    assert!(fs::read_to_string(junit).unwrap().contains(r#"failures="1""#));
    // The one that passes, by its name, by a part of it, and by the file beside its bot.
    for arguments in [vec!["test", "--bot", path, "good"], vec!["test", "--bot", path, "--filter", "oo"]] {
        assert_eq!(relevo(&arguments).status.code(), Some(0), "{arguments:?}");
    }
    let file = folder.path().join("conversations/all.yaml");
    assert_eq!(relevo(&["test", file.to_str().unwrap(), "bad"]).status.code(), Some(1));
}

#[test]
fn what_cannot_be_held_is_2_and_says_why() {
    let folder = bot("- name: a\n  turns: [{customer: hola, expect: {anwser: x}}]\n");
    let path = folder.path().to_str().unwrap();
    let table: Vec<(Vec<&str>, &str)> = vec![
        (vec!["test", "--bot", path], "all.yaml:2:37: unknown key `anwser` (did you mean `answer`?)"),
        (vec!["test", "--bot", "no/such/folder"], "no/such/folder"),
        (vec!["test", "--bot", path, "no-such-file.yaml"], "no-such-file.yaml:1:1: cannot read it"),
        (vec!["test", "--min-pass-rate", "2"], "a rate is a number from 0 to 1"),
        (vec!["test", "--report", "report.pdf"], ".html, .md or .xml"),
        (vec!["test", "--against", "bedrock"], "agent:ABCDEFGHIJ/TSTALIASID"),
    ];
    for (arguments, wanted) in table {
        let output = relevo(&arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(wanted), "{arguments:?}: {said}");
    }
    let typo = "functions: {getOrderStatu: {returns: 1}}\nconversations: [{name: a, turns: [{customer: hola}]}]\n";
    fs::write(folder.path().join("conversations/all.yaml"), typo).unwrap();
    let output = relevo(&["test", "--bot", path]);
    let said = String::from_utf8(output.stderr).unwrap();
    let wanted = "all.yaml:1:13: no agent has the function `getOrderStatu` (did you mean `getOrderStatus`?)";
    assert!(output.status.code() == Some(2) && said.contains(wanted), "{said}");
    fs::write(folder.path().join("conversations/all.yaml"), "- name: a\n  turns: [{customer: hola}]\n").unwrap();
    let output = relevo(&["test", "--bot", path, "b"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && said.contains("no conversation has the name “b”"), "{said}");
}
