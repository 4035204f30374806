//! What customers and agents say, by language, and what is heard in it: tables in `said/`. The second file of a language was
//! written before the rules were, and says how they do on what they were not made for.

use super::Listener;
use crate::policy::{Policy, Texts};

const TABLES: &[(&str, &str)] = &[
    ("es", include_str!("said/es.txt")),
    ("en", include_str!("said/en.txt")),
    ("pt", include_str!("said/pt.txt")),
    ("fr", include_str!("said/fr.txt")),
    ("de", include_str!("said/de.txt")),
    ("it", include_str!("said/it.txt")),
];
const HELD_OUT: &[(&str, &str)] = &[
    ("es", include_str!("said/es.held.txt")),
    ("en", include_str!("said/en.held.txt")),
    ("pt", include_str!("said/pt.held.txt")),
    ("fr", include_str!("said/fr.held.txt")),
    ("de", include_str!("said/de.held.txt")),
    ("it", include_str!("said/it.held.txt")),
];

fn listener() -> Listener {
    Listener::new(&Policy::of_texts(Texts::default()))
}

fn lines(table: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut section = "";
    let mut lines = Vec::new();
    for line in table.lines() {
        match line.strip_prefix("= ") {
            Some(name) => section = name,
            None => lines.push((section, line)),
        }
    }
    lines
}

fn heard(listener: &Listener, section: &str, text: &str) -> bool {
    if section.ends_with("wish") { listener.is_wish(text) } else { listener.is_promise(text) }
}

#[test]
fn what_is_said_is_heard_and_nothing_else() {
    let listener = listener();
    let mut wrong = String::new();
    for (language, table) in TABLES {
        for (section, text) in lines(table) {
            if heard(&listener, section, text) == section.starts_with("no ") {
                wrong += &format!("{language} {section}: {text}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_was_held_out() {
    let listener = listener();
    let mut all = String::new();
    for (language, table) in HELD_OUT {
        let mut counts = std::collections::BTreeMap::new();
        for (section, text) in lines(table) {
            let count: &mut (u32, u32) = counts.entry(section).or_default();
            count.1 += 1;
            count.0 += u32::from(heard(&listener, section, text));
            if std::env::var("SHOW").is_ok() && heard(&listener, section, text) == section.starts_with("no ") {
                all += &format!("{language} {section}: {text}\n");
            }
        }
        all += &format!("{language} {counts:?}\n");
    }
    println!("{all}");
}
