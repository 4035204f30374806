//! A message's clauses, and what each does: asks, tells, declines.

use std::collections::BTreeSet;

use super::lexicon::{LANGUAGES, Language};
use super::text::Unit;

/// The little words of the definition's languages.
pub(super) struct Particles {
    yes: BTreeSet<&'static str>,
    no: BTreeSet<&'static str>,
    negations: BTreeSet<&'static str>,
    wants: BTreeSet<&'static str>,
    desires: BTreeSet<&'static str>,
    ands: BTreeSet<&'static str>,
    buts: BTreeSet<&'static str>,
    light: BTreeSet<&'static str>,
}

/// Yes or no, said alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// A clause.
#[expect(clippy::struct_excessive_bools, reason = "independent marks of one clause")]
#[derive(Debug, Clone)]
pub(super) struct Clause<'a> {
    /// Its words and values.
    pub(super) units: &'a [Unit],
    /// It begins with "and", "also".
    pub(super) joined: bool,
    /// It says what is not wanted.
    pub(super) declines: bool,
    /// It has a "no" or "not" somewhere.
    pub(super) negative: bool,
    /// It asks for something ("I want", "can you", "where").
    pub(super) asks: bool,
}

impl Particles {
    /// Of these languages; of all known ones when none of them is known.
    pub(super) fn new(languages: &[String]) -> Self {
        let own = |l: &&Language| languages.iter().any(|code| code == l.code);
        let known: Vec<&Language> = if LANGUAGES.iter().any(|l| own(&l)) {
            LANGUAGES.iter().filter(own).collect()
        } else {
            LANGUAGES.iter().collect()
        };
        let set = |part: fn(&Language) -> &'static str| {
            known.iter().flat_map(|l| part(l).split_whitespace()).collect::<BTreeSet<_>>()
        };
        Self {
            yes: set(|l| l.yes),
            no: set(|l| l.no),
            negations: set(|l| l.negations),
            wants: set(|l| l.wants),
            desires: set(|l| l.desires),
            ands: set(|l| l.ands),
            buts: set(|l| l.buts),
            light: set(|l| l.function_words),
        }
    }

    /// Whether the message is a yes or a no and nothing else.
    pub(super) fn answer(&self, units: &[Unit]) -> Option<Answer> {
        let mut answer = None;
        for unit in units {
            let word = match unit {
                Unit::Word { word, .. } => word.as_str(),
                Unit::Value { .. } => return None,
                Unit::Break => continue,
            };
            if self.no.contains(word) && answer.is_none() {
                answer = Some(Answer::No);
            } else if self.yes.contains(word) {
                answer = answer.or(Some(Answer::Yes));
            } else if !self.light.contains(word) {
                return None;
            }
        }
        answer
    }

    /// A yes or a no that opens the message, whatever stands behind its clause ("yes please, all of it").
    pub(super) fn opening(&self, units: &[Unit]) -> Option<Answer> {
        let clause = units.split(|u| matches!(u, Unit::Break)).find(|c| !c.is_empty())?;
        self.answer(clause).or_else(|| {
            let first = clause.first()?.word()?;
            let certain = self.yes.contains(first) && !self.light.contains(first) && clause.len() <= 6;
            certain.then_some(Answer::Yes)
        })
    }

    /// Whether the word says that something is wanted.
    pub(super) fn is_desire(&self, word: &str) -> bool {
        self.desires.contains(word)
    }

    /// Whether the word negates.
    pub(super) fn is_negation(&self, word: &str) -> bool {
        self.negations.contains(word) || self.no.contains(word)
    }

    /// The clauses: cut at punctuation, at "but", at "and", and before a second "I want".
    pub(super) fn clauses<'a>(&self, units: &'a [Unit]) -> Vec<Clause<'a>> {
        let mut cuts: Vec<(usize, usize, bool)> = Vec::new();
        let mut start = 0;
        let mut joined = false;
        let mut wanted = false;
        for (i, unit) in units.iter().enumerate() {
            let word = unit.word().unwrap_or_default();
            let (end, next, and) = if matches!(unit, Unit::Break) {
                (i, i + 1, false)
            } else if self.ands.contains(word) {
                (i, i + 1, true)
            } else if self.buts.contains(word) {
                (i, i + 1, false)
            } else if wanted && self.desires.contains(word) && i > start + 1 {
                (i, i, false)
            } else {
                wanted |= self.desires.contains(word);
                continue;
            };
            if end > start {
                cuts.push((start, end, joined));
                joined = and;
                wanted = self.desires.contains(word);
            } else {
                joined |= and;
            }
            start = next;
        }
        cuts.push((start, units.len(), joined));
        cuts.into_iter()
            .filter_map(|(from, to, joined)| Some((units.get(from..to)?, joined)))
            .filter(|(part, _)| !part.is_empty())
            .map(|(part, joined)| self.clause(part, joined))
            .collect()
    }

    fn clause<'a>(&self, units: &'a [Unit], joined: bool) -> Clause<'a> {
        let words: Vec<&str> = units.iter().filter_map(Unit::word).collect();
        Clause {
            units,
            joined,
            declines: self.declines(&words),
            negative: words.iter().any(|w| self.negations.contains(w)),
            asks: words.iter().any(|w| self.wants.contains(w)),
        }
    }

    /// "I do not want", "don't transfer me", "no me pases": a negation with a desire right behind it, or that opens an
    /// order to the bot.
    fn declines(&self, words: &[&str]) -> bool {
        for (i, word) in words.iter().enumerate() {
            if !self.negations.contains(word) {
                continue;
            }
            let mut behind = words.iter().skip(i + 1);
            if behind.clone().take(2).any(|w| self.desires.contains(w)) {
                return true;
            }
            let opens = words.iter().take(i).all(|w| self.light.contains(w) && !is_subject(w));
            let next = behind.find(|w| !is_pronoun(w));
            if opens && next.is_some_and(|w| is_order(word, w) && !self.light.contains(w)) {
                return true;
            }
        }
        false
    }
}

fn is_subject(word: &str) -> bool {
    matches!(word, "i" | "it" | "you" | "he" | "she" | "they" | "we" | "u" | "yo" | "tu" | "eu" | "ele" | "ela" | "que")
}

fn is_pronoun(word: &str) -> bool {
    matches!(word, "me" | "lo" | "la" | "le" | "los" | "las" | "nos" | "se" | "te" | "o" | "a")
}

/// English: "don't" at the start has no subject, so it is an order. Spanish and Portuguese: the second person of the
/// subjunctive ends in s, and only orders are negated with it.
fn is_order(negation: &str, verb: &str) -> bool {
    match negation {
        "dont" => true,
        "not" => false,
        _ => verb.chars().count() >= 5 && (verb.ends_with("as") || verb.ends_with("es")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::units;
    use super::*;

    fn particles() -> Particles {
        Particles::new(&["es".into(), "en".into()])
    }

    fn shape(text: &str) -> Vec<(usize, bool, bool)> {
        let units = units(text, &[]);
        particles().clauses(&units).iter().map(|c| (c.units.len(), c.joined, c.declines)).collect()
    }

    #[test]
    fn clauses_are_cut_where_people_breathe() {
        assert_eq!(shape("quiero el estado y abrir un reclamo"), [(3, false, false), (3, true, false)]);
        assert_eq!(shape("no quiero una persona quiero el estado"), [(4, false, true), (3, false, false)]);
        assert_eq!(shape("no quiero una persona, sino el estado"), [(4, false, true), (2, false, false)]);
        assert!(shape("...").is_empty());
    }

    #[test]
    fn what_is_declined_and_what_is_only_negative() {
        for (text, declines) in [
            ("I don't want a person", true),
            ("don't transfer me", true),
            ("please dont open a ticket", true),
            ("no me pases con nadie", true),
            ("no ha llegado mi pedido", false),
            ("my parcel did not arrive", false),
            ("I don't have it", false),
            ("no funciona", false),
        ] {
            assert_eq!(shape(text).first().map(|c| c.2), Some(declines), "{text}");
        }
    }

    #[test]
    fn yes_and_no_are_only_those_said_alone() {
        for (text, want) in [
            ("sí", Some(Answer::Yes)),
            ("Sí, por favor", Some(Answer::Yes)),
            ("yes please", Some(Answer::Yes)),
            ("no", Some(Answer::No)),
            ("no está claro el asunto", None),
            ("no me llega el paquete", None),
            ("10020030", None),
        ] {
            assert_eq!(particles().answer(&units(text, &[])), want, "{text}");
        }
    }
}
