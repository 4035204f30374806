//! What the customers say: kinds of customers, and how many of each.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use serde::Deserialize;

use crate::flows;

/// Think time between an answer and the next word, where the file does not say.
const PAUSE_SECONDS: [f64; 2] = [0.5, 2.0];

/// The kinds, with their weights: one at least.
#[derive(Debug, Clone)]
pub(crate) struct Mix {
    seed: u64,
    first: Arc<Kind>,
    more: Vec<Arc<Kind>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMix {
    #[serde(default)]
    seed: u64,
    mix: Vec<Kind>,
}

/// One kind of customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub(crate) struct Kind {
    pub(crate) name: String,
    pub(crate) weight: u32,
    pub(crate) attributes: BTreeMap<String, String>,
    /// Words in their order; each waits for the answer to the one before.
    pub(crate) says: Vec<String>,
    /// The shortest and the longest think time, in seconds.
    pub(crate) pause_seconds: [f64; 2],
    /// The last words ask for a person.
    pub(crate) person: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    name: String,
    #[serde(default = "one")]
    weight: u32,
    language: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    says: Vec<String>,
    pause_seconds: Option<[f64; 2]>,
    #[serde(default)]
    person: bool,
}

fn one() -> u32 {
    1
}

impl TryFrom<Written> for Kind {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { name, weight, language, mut attributes, says, pause_seconds, person } = written;
        let pause_seconds = pause_seconds.unwrap_or(PAUSE_SECONDS);
        let [least, most] = pause_seconds;
        if !(0.0..=most).contains(&least) || most > 3_600.0 {
            return Err("pauseSeconds is the shortest and the longest pause, such as [1, 3]".into());
        }
        if weight == 0 {
            return Err(format!("{name}: weight is 1 or more"));
        }
        if person && says.is_empty() {
            return Err(format!("{name}: with person: true the last words of says ask for a person"));
        }
        if let Some(words) = says.iter().find(|words| words.trim().is_empty()) {
            return Err(format!("{name}: \"{words}\" in says is nothing to say"));
        }
        if let Some(language) = language {
            attributes.insert("language".into(), language);
        }
        Ok(Self { name, weight, attributes, says, pause_seconds, person })
    }
}

impl Mix {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong, with file and line.
    pub(crate) fn read(file: &Path) -> Result<Self, String> {
        let place = file.display();
        let text = std::fs::read_to_string(file).map_err(|why| format!("{place}: cannot be read: {why}"))?;
        let written: WrittenMix = serde_saphyr::from_str(&text).map_err(|error| {
            let line = error.location().map_or(1, |location| location.line());
            format!("{place}:{line}: {}", flows::yaml_message(&error.without_snippet().to_string()))
        })?;
        let mut kinds = written.mix.into_iter().map(Arc::new);
        let first = kinds.next().ok_or_else(|| format!("{place}: mix is a list of at least one kind of customer"))?;
        Ok(Self { seed: written.seed, first, more: kinds.collect() })
    }

    /// For any bot: most say hello and leave, some ask for a person. Their words are those of Spanish or English, the
    /// languages that every bot's built-in phrases know.
    pub(crate) fn for_any_bot() -> Self {
        let kind = |name: &str, language: &str, weight, says: &[&str], person| {
            Arc::new(Kind {
                name: name.into(),
                weight,
                attributes: [("language".to_owned(), language.to_owned())].into(),
                says: says.iter().map(|&words| words.to_owned()).collect(),
                pause_seconds: PAUSE_SECONDS,
                person,
            })
        };
        Self {
            seed: 1,
            first: kind("saluda", "es", 3, &["hola", "gracias"], false),
            more: vec![
                kind("greets", "en", 3, &["hello", "thank you"], false),
                kind("pide una persona", "es", 1, &["hola", "quiero hablar con una persona"], true),
                kind("asks for a person", "en", 1, &["hello", "I want to talk to a person"], true),
            ],
        }
    }

    /// Where the draws begin.
    pub(super) fn draws(&self) -> fastrand::Rng {
        fastrand::Rng::with_seed(self.seed)
    }

    /// The next customer's kind.
    pub(super) fn draw(&self, draws: &mut fastrand::Rng) -> Arc<Kind> {
        let of_more: u32 = self.more.iter().map(|kind| kind.weight).fold(0, u32::saturating_add);
        let mut left = draws.u32(0..of_more.saturating_add(self.first.weight));
        let drawn = self.more.iter().find(|kind| {
            let here = left < kind.weight;
            left = left.saturating_sub(kind.weight);
            here
        });
        Arc::clone(drawn.unwrap_or(&self.first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Mix, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Mix::read(file.path()).map_err(|error| error.replace(&file.path().display().to_string(), "FILE"))
    }

    #[test]
    fn kinds_come_by_their_weights_and_the_seed_decides() {
        let mix = read(
            "seed: 7\nmix:\n  - {name: a, weight: 3, says: [x], language: es}\n  - {name: b, says: [y, z], person: true, \
             pauseSeconds: [0, 1]}\n",
        )
        .unwrap();
        let drawn = || {
            let mut draws = mix.draws();
            (0..4_000).map(|_| mix.draw(&mut draws).name.clone()).collect::<Vec<_>>()
        };
        let of_a = drawn().iter().filter(|name| *name == "a").count();
        assert!((2_850..3_150).contains(&of_a), "{of_a}");
        assert_eq!(drawn(), drawn());
        assert_eq!(mix.first.attributes["language"], "es");
        assert!(mix.more[0].person);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, wanted) in [
            ("mix: []", "at least one kind"),
            ("mix:\n  - {name: a, says: [x], weight: 0}", "FILE:2: a: weight is 1 or more"),
            ("mix:\n  - {name: a, says: [x], pauseSeconds: [3, 1]}", "FILE:2: pauseSeconds is"),
            ("mix:\n  - {name: a, says: [], person: true}", "ask for a person"),
            ("mix:\n  - {name: a, says: [' ']}", "nothing to say"),
            ("mix:\n  - {name: a, says: [x], wait: 1}", "wait"),
            ("mix: 3", "FILE:1:"),
        ] {
            let error = read(text).err().unwrap();
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}
