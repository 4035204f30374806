//! The invariants of the house (ARCHITECTURE.md) that can be read off the files.

use std::{
    fs,
    path::{Path, PathBuf},
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// The rooms that know nothing of the world but their ports.
const INNER: [&str; 3] = ["bot", "agents", "connect"];

/// The Rust files of a room that are part of the program.
fn sources(room: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(ROOT).join("crates").join(room).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty());
    found
}

/// The dependencies of a room, those of its tests left out.
fn dependencies(room: &str) -> String {
    let manifest = fs::read_to_string(Path::new(ROOT).join("crates").join(room).join("Cargo.toml")).unwrap();
    manifest.split("[dependencies]").nth(1).unwrap().split("[dev-dependencies]").next().unwrap().to_owned()
}

#[test]
fn the_inner_rooms_use_nothing_of_ours_and_no_network() {
    for room in INNER {
        let dependencies = dependencies(room);
        for name in ["relevo-", "axum", "hyper", "reqwest", "fjall", "aws-", "tungstenite", "uuid", "getrandom", "rand"]
        {
            let found = dependencies.lines().find(|line| line.starts_with(name));
            assert_eq!(found, None, "crates/{room}/Cargo.toml");
        }
    }
}

#[test]
fn knowledge_has_no_network() {
    let dependencies = dependencies("knowledge");
    for name in ["axum", "hyper", "reqwest", "aws-", "tungstenite"] {
        assert!(!dependencies.lines().any(|line| line.starts_with(name)), "{name}");
    }
    for path in sources("knowledge") {
        assert!(!fs::read_to_string(&path).unwrap().contains("::net::"), "{}", path.display());
    }
}

#[test]
fn the_inner_rooms_read_no_clock_environment_or_socket() {
    for path in INNER.iter().flat_map(|room| sources(room)) {
        let text = fs::read_to_string(&path).unwrap();
        let program = text.split("#[cfg(test)]").next().unwrap();
        // An address is a value; it opens nothing.
        let program = program.replace("std::net::Ip", "");
        for word in
            ["SystemTime", "std::time::Instant", "Timestamp::now", "Zoned::now", "std::env", "::net::", "std::process"]
        {
            assert!(!program.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn every_file_begins_by_saying_what_lives_there() {
    for room in [
        "bot",
        "agents",
        "connect",
        "wire",
        "aws",
        "host",
        "bridge",
        "knowledge",
        "outbound",
        "handlers",
        "tools",
        "mcp",
        "openai",
        "lambdas",
        "conversations",
        "relevo",
    ] {
        for path in sources(room) {
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.starts_with("//! "), "{}", path.display());
        }
    }
}
