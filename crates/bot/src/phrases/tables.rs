//! What customers and agents say, by language, and what is heard in it: tables in `said/`.

use std::sync::LazyLock;

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

static LISTENER: LazyLock<Listener> = LazyLock::new(|| Listener::new(&Policy::of_texts(Texts::default())));

/// The lines of a table under the headings that they have: `= wish`, `= no wish`, `= promise`, `= no promise`.
fn lines(table: &str) -> Vec<(&str, &str)> {
    let mut heading = "";
    let mut lines = Vec::new();
    for line in table.lines() {
        match line.strip_prefix("= ") {
            Some(name) => heading = name,
            None => lines.push((heading, line)),
        }
    }
    lines
}

/// The lines in which something else is heard than their heading says.
fn misheard<'a>(listener: &Listener, table: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut lines = lines(table);
    lines.retain(|(heading, text)| match *heading {
        "wish" => !listener.is_wish(text),
        "no wish" => listener.is_wish(text),
        "promise" => !listener.is_promise(text),
        "no promise" => listener.is_promise(text),
        other => panic!("{other}: {text}"),
    });
    lines
}

/// A message or an answer that is long and holds none: its sentences have many clauses, and a "no" here and there.
fn long(words: usize) -> String {
    let clause = "no if i transfer you not to an agent i want no person te paso no con si quiero ";
    clause.split_whitespace().cycle().take(words).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_said_is_heard_and_nothing_else() {
    let listener = &*LISTENER;
    for (language, table) in TABLES {
        let wrong = misheard(listener, table);
        assert!(wrong.is_empty(), "{language}: {wrong:#?}");
    }
}

/// As long as a message may be, and longer.
#[test]
fn a_long_text_holds_none_either() {
    let text = long(8_000);
    assert!(!LISTENER.is_wish(&text) && !LISTENER.is_promise(&text) && !LISTENER.is_clarification(&text));
}

proptest::proptest! {
    /// What is said before, in sentences of its own, changes nothing.
    #[test]
    fn what_is_said_is_heard_behind_anything(language in 0..TABLES.len(), other in 0..TABLES.len(), seed in 0_usize..10_000) {
        let listener = &*LISTENER;
        let pick = |table: usize, seed: usize| {
            let all = lines(TABLES[table].1);
            all[seed % all.len()]
        };
        let ((heading, text), (_, before)) = (pick(language, seed), pick(other, seed / 7 + 31));
        let both = format!("{before}\n{text}");
        proptest::prop_assert!(heading != "wish" || listener.is_wish(&both), "{}", both);
        proptest::prop_assert!(heading != "promise" || listener.is_promise(&both), "{}", both);
        // Nor do case and doubled spaces.
        let loud = text.to_uppercase().replace(' ', "  ");
        proptest::prop_assert_eq!(listener.is_wish(text), listener.is_wish(&loud), "{}", loud);
    }
}
