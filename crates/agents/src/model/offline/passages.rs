//! Answers out of a knowledge base: a question is looked up as it was asked, and answered with the sentences of the passage
//! that fits best, as they stand there. When no passage covers enough of the question, that is said.

use std::collections::BTreeSet;

use serde_json::Value;

use super::OfflineModel;
use super::history::Event;
use super::lexicon::LANGUAGES;
use super::text::{plain_words, real};
use super::wording::Phrase;
use crate::words::{sentences, words};

/// A passage answers when it covers this much of the question, by weight.
const COVERS: f64 = 0.45;
/// What a title counts that the question names.
const TITLE: f64 = 0.25;
/// So many passages are usually given.
const USUAL: usize = 5;
/// A passage of up to so many characters is said whole, and of a longer one about so much.
const LONGEST: usize = 420;
/// How much a word counts that is known by its meaning, or is a typing error.
const ALIKE: f64 = 0.8;
/// The least and the most a word of the question weighs.
const WEIGHTS: (f64, f64) = (0.5, 2.0);

/// Words that ask, and do not say about what; beside the function words.
const ASKING: &str = "hola buenas buenos dias tardes noches gracias favor saber conocer explicar explica explicas explicame funciona funcionan \
    funcionar hacer hago hacen pasa sirve significa tienen tiene tener existe existen posible debo debe deberia informacion info duda pregunta \
    consulta cuanta cuantas cuantos cuales donde ofrecen hello hi hey thanks thank know explain work works happen happens mean means possible \
    information info question must offer ola oi bom boa tarde noite dia obrigado obrigada funciona funcionam explique explica fazer faco fazem \
    acontece significa tem existe devo informacao duvida pergunta quanta quantas quantos quais oferecem";
/// Words that begin a question.
const QUESTION: &str = "que cual cuales cuanto cuanta cuantos cuantas cuando donde como quien quienes porque what which when where how who why can do \
    does is are qual quais quanto quanta quantos quantas quando onde quem";

/// What is asked most, in words that have no stem in common.
const HOURS: &str = "hora horas horario horarios abre abren abrem abrimos abrir abierto abiertos aberto abertos cierra cierran cerrado \
    cerramos fecha fecham fechado fechamos atienden atendemos atencion atendem atendimento funcionamento hours open opens opening \
    close closes closed closing";

/// A passage, as the tool gives it.
struct Passage {
    section: String,
    text: String,
}

impl OfflineModel {
    /// What to look for, when a message has anything to look for. "And abroad?" goes on with the question before.
    pub(super) fn query(&self, text: &str, before: &[Event<'_>]) -> Option<String> {
        let text = text.trim();
        if self.asked_words(text).is_empty() {
            return None;
        }
        let first = plain_words(text).into_iter().next().unwrap_or_default();
        let goes_on =
            LANGUAGES.iter().any(|l| self.languages.codes().iter().any(|own| own == l.code) && l.and == first);
        let last =
            before.iter().rev().find_map(|e| if let Event::Found { query, .. } = e { Some(*query) } else { None });
        Some(match last.filter(|_| goes_on) {
            Some(last) => format!("{last} {text}"),
            None => text.to_owned(),
        })
    }

    /// What was found, in words: the passages' own, or that there is nothing.
    pub(super) fn say_found(&self, found: &[Event<'_>], language: &str) -> Option<String> {
        let mut passages = Vec::new();
        let (mut asked, mut failed) = (None, false);
        for event in found {
            if let Event::Found { query, text, error } = event {
                asked = Some(*query);
                failed |= error;
                if !error {
                    passages.extend(read(text));
                }
            }
        }
        let asked = asked?;
        Some(match self.best(asked, &passages) {
            Some(answer) => answer,
            None if failed => self.wording.phrase(Phrase::Failed, language),
            None => self.wording.not_found(language),
        })
    }

    fn best(&self, question: &str, passages: &[Passage]) -> Option<String> {
        let asked: Vec<Asked> = self.asked_words(question).iter().map(|word| self.asked(word)).collect();
        let read: Vec<BTreeSet<String>> =
            passages.iter().map(|p| self.marks(&format!("{} {}", p.section, p.text))).collect();
        // A word that only says which knowledge base ("the gym") need not be in it.
        let weights: Vec<f64> = asked
            .iter()
            .map(|word| match weight(&read, |marks| word.within(marks) > 0.0) {
                most if most >= WEIGHTS.1 && self.topics.is_of_knowledge(word) => WEIGHTS.0,
                weight => weight,
            })
            .collect();
        let total: f64 = weights.iter().sum();
        let covered = |marks: &BTreeSet<String>| -> f64 {
            asked.iter().zip(&weights).map(|(word, weight)| weight * word.within(marks)).sum::<f64>()
                / total.max(WEIGHTS.0)
        };
        let score = |(passage, marks): (&Passage, &BTreeSet<String>)| {
            covered(marks) + if self.names_title(&asked, &passage.section) { TITLE } else { 0.0 }
        };
        let mut best: Option<(usize, f64)> = None;
        for (index, score) in passages.iter().zip(&read).map(score).enumerate() {
            if best.is_none_or(|(_, most)| score > most + 1e-9) {
                best = Some((index, score));
            }
        }
        let (index, _) = best.filter(|(_, score)| *score >= COVERS)?;
        let passage = passages.get(index)?;
        let answer = if passage.text.chars().count() <= LONGEST {
            passage.text.trim().to_owned()
        } else {
            excerpt(&passage.text, |sentence| covered(&self.marks(sentence)))
        };
        (!answer.is_empty()).then_some(answer)
    }

    /// Whether all that a section's last title tells is in the question.
    fn names_title(&self, asked: &[Asked], section: &str) -> bool {
        let title = section.rsplit(" > ").next().unwrap_or_default();
        let telling = self.asked_words(title);
        let named = |word: &String| {
            let marks = self.marks(word);
            asked.iter().any(|asked| asked.within(&marks) > 0.0)
        };
        !telling.is_empty() && telling.iter().all(named)
    }

    /// The words of a question that say what it is about.
    pub(super) fn asked_words(&self, text: &str) -> Vec<String> {
        let vocabulary = self.intents.vocabulary();
        let light = |word: &String| {
            vocabulary.is_function_word(word)
                || ASKING.split_whitespace().chain(QUESTION.split_whitespace()).any(|w| w == word)
                || word.chars().count() < 2
        };
        let mut telling = Vec::new();
        for (_, word) in words(text) {
            if !light(&word) && !telling.contains(&word) {
                telling.push(word);
            }
        }
        telling
    }

    /// What the words of a text are known by: themselves, their stems and meanings.
    pub(super) fn marks(&self, text: &str) -> BTreeSet<String> {
        let vocabulary = self.intents.vocabulary();
        let of = |word: String| {
            let stems = vocabulary.forms(self.languages.codes(), &word).into_iter().chain(self.shared_meanings(&word));
            stems.chain([format!("w:{word}")]).collect::<Vec<_>>()
        };
        words(text).flat_map(|(_, word)| of(word)).collect()
    }

    pub(super) fn asked(&self, word: &str) -> Asked {
        let stems = self.intents.vocabulary().forms(self.languages.codes(), word);
        Asked { word: word.to_owned(), stems, meanings: self.shared_meanings(word) }
    }

    fn shared_meanings(&self, word: &str) -> Vec<String> {
        let hours = HOURS.split_whitespace().any(|w| w == word).then(|| "m:hours".to_owned());
        self.intents.vocabulary().meanings(word).into_iter().chain(hours).collect()
    }
}

/// A word of the question.
pub(super) struct Asked {
    word: String,
    stems: Vec<String>,
    meanings: Vec<String>,
}

impl Asked {
    /// How surely it is in a text: 1 for the word or another form of it.
    pub(super) fn within(&self, marks: &BTreeSet<String>) -> f64 {
        if self.stems.iter().any(|stem| marks.contains(stem)) {
            return 1.0;
        }
        let mistyped = || {
            let length = self.word.chars().count();
            length >= 5
                && marks.iter().filter_map(|mark| mark.strip_prefix("w:")).any(|word| {
                    word.chars().next() == self.word.chars().next() && strsim::osa_distance(word, &self.word) == 1
                })
        };
        if self.meanings.iter().any(|meaning| marks.contains(meaning)) || mistyped() { ALIKE } else { 0.0 }
    }
}

/// Rarer words tell more; a word that is in none of the passages is most likely in none of the documents, and weighs most.
fn weight(passages: &[BTreeSet<String>], has: impl Fn(&BTreeSet<String>) -> bool) -> f64 {
    // A search that found few passages looked through more.
    let (all, having) = (real(passages.len().max(USUAL)), real(passages.iter().filter(|marks| has(marks)).count()));
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln().clamp(WEIGHTS.0, WEIGHTS.1)
}

/// The best sentence and those behind it, as many as are said at once.
fn excerpt(text: &str, score: impl Fn(&str) -> f64) -> String {
    let sentences = sentences(text);
    let mut best: Option<(usize, f64)> = None;
    for (index, at) in sentences.iter().enumerate() {
        let score = score(text.get(at.clone()).unwrap_or_default());
        if best.is_none_or(|(_, most)| score > most + 1e-9) {
            best = Some((index, score));
        }
    }
    let from = best.map_or(0, |(index, _)| index);
    let Some(first) = sentences.get(from) else { return String::new() };
    let mut end = first.end;
    for next in sentences.iter().skip(from + 1) {
        if text.get(first.start..next.end).is_none_or(|part| part.chars().count() > LONGEST) {
            break;
        }
        end = next.end;
    }
    text.get(first.start..end).unwrap_or_default().to_owned()
}

fn read(result: &str) -> Vec<Passage> {
    let Ok(Value::Object(mut result)) = serde_json::from_str(result) else { return Vec::new() };
    let Some(Value::Array(passages)) = result.remove("passages") else { return Vec::new() };
    let text = |passage: &Value, key: &str| passage.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    passages.iter().map(|p| Passage { section: text(p, "section"), text: text(p, "text") }).collect()
}

/// Whether a message is put as a question.
pub(super) fn asks(text: &str) -> bool {
    let asking = |word: &String| QUESTION.split_whitespace().any(|w| w == word);
    text.contains(['?', '¿', '？', '؟']) || plain_words(text).iter().take(2).any(asking)
}
