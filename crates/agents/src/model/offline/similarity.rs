//! Features of a message and how near two messages are: stems with typing errors forgiven, meanings, word pairs and
//! the values in it, each weighted by how much it tells in this definition.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::lexicon::{LANGUAGES, MEANINGS};
use super::stem::Stems;
use super::text::{NUMBER, Unit, fold, real};
use crate::memo::Memo;

/// What a word that was never seen weighs.
const UNKNOWN: f64 = 1.0;
/// What a function word weighs of a full word.
const FUNCTION_WORD: f64 = 0.35;
/// How many bytes of words that were said are remembered with what they are.
const REMEMBERED: usize = 256 * 1_024;

/// The words of a definition.
pub(super) struct Vocabulary {
    stems: Stems,
    known: BTreeSet<String>,
    /// The known words by their first sound.
    by_onset: HashMap<Option<char>, Vec<Arc<Spelling>>>,
    /// Words that were said.
    said: Memo<String, Arc<Said>>,
    known_stems: BTreeSet<String>,
    meanings: HashMap<String, Vec<usize>>,
    function_words: BTreeSet<&'static str>,
}

/// A known word that others may be typing errors of.
struct Spelling {
    word: String,
    /// In characters.
    length: usize,
    /// See [`letters`].
    letters: u64,
}

/// What a word is that was said.
struct Said {
    resolved: Resolved,
    stems: Arc<[String]>,
}

/// Which known word a word is.
enum Resolved {
    Itself,
    /// A typing error, at this distance.
    Mistyped(Arc<Spelling>, usize),
    Unknown,
}

/// Features by name; what was not recognised at all counts in `unknown`.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Features {
    /// Weight by name.
    pub(super) known: BTreeMap<String, f64>,
    /// The square sum of words never seen.
    pub(super) unknown: f64,
    /// How many words say something and are known, by example or by meaning.
    pub(super) telling: usize,
}

impl Vocabulary {
    /// From the languages of the definition and all of its words.
    pub(super) fn new<'a>(languages: &[String], words: impl Iterator<Item = &'a str>) -> Self {
        let stems = Stems::new(languages);
        let mut known = BTreeSet::new();
        let mut known_stems = BTreeSet::new();
        for word in words.filter(|w| *w != NUMBER) {
            known_stems.extend(stems.all(word));
            known.insert(word.to_owned());
        }
        let mut meanings: HashMap<String, Vec<usize>> = HashMap::new();
        for (meaning, line) in MEANINGS.iter().enumerate() {
            for word in line.split_whitespace() {
                let entry = meanings.entry(word.to_owned()).or_default();
                if entry.last() != Some(&meaning) {
                    entry.push(meaning);
                }
                known.insert(word.to_owned());
            }
        }
        let function_words = LANGUAGES
            .iter()
            .filter(|l| languages.iter().any(|own| own == l.code))
            .flat_map(|l| l.function_words.split_whitespace().chain(l.negations.split_whitespace()))
            .collect();
        let mut by_onset: HashMap<Option<char>, Vec<Arc<Spelling>>> = HashMap::new();
        for word in &known {
            let length = word.chars().count();
            if length >= 4 {
                let spelling = Spelling { word: word.clone(), length, letters: letters(word) };
                by_onset.entry(onset(word)).or_default().push(Arc::new(spelling));
            }
        }
        let said = Memo::new(REMEMBERED);
        Self { stems, known, by_onset, said, known_stems, meanings, function_words }
    }

    /// Whether the word carries no meaning by itself, in any of the definition's languages.
    pub(super) fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word)
    }

    /// The stems of a word.
    pub(super) fn stems(&self, word: &str) -> Arc<[String]> {
        Arc::clone(&self.said(word).stems)
    }

    /// The stems of a word, or of the known word that it is a typing error of.
    pub(super) fn known_stems(&self, word: &str) -> Arc<[String]> {
        let said = self.said(word);
        match &said.resolved {
            Resolved::Mistyped(meant, _) => self.stems(&meant.word),
            Resolved::Itself | Resolved::Unknown => Arc::clone(&said.stems),
        }
    }

    /// The stems of a word, and those of what else it may be.
    pub(super) fn forms(&self, languages: &[String], word: &str) -> Vec<String> {
        let other = languages.iter().filter_map(|language| self.stems.other(language, word));
        self.stems(word).iter().cloned().chain(other).collect()
    }

    /// The word itself, or the known word that it is a typing error of, with the confidence. `None`: never seen.
    pub(super) fn resolve<'a>(&self, word: &'a str) -> Option<(Cow<'a, str>, f64)> {
        match &self.said(word).resolved {
            Resolved::Itself => Some((Cow::Borrowed(word), 1.0)),
            Resolved::Mistyped(meant, distance) => Some((Cow::Owned(meant.word.clone()), 1.0 - 0.2 * real(*distance))),
            Resolved::Unknown => None,
        }
    }

    fn said(&self, word: &str) -> Arc<Said> {
        if let Some(known) = self.said.get(word) {
            return known;
        }
        let stems: Arc<[String]> = self.stems.all(word).into();
        let said = Arc::new(Said { resolved: self.look_for(word, &stems), stems });
        // With its stems and what holds them.
        self.said.put(word.to_owned(), Arc::clone(&said), 4 * word.len() + 128);
        said
    }

    fn look_for(&self, word: &str, stems: &[String]) -> Resolved {
        if word == NUMBER
            || self.known.contains(word)
            || self.is_function_word(word)
            || stems.iter().any(|s| self.known_stems.contains(s))
        {
            return Resolved::Itself;
        }
        let length = word.chars().count();
        let allowed = match length {
            0..4 => return Resolved::Unknown,
            4..8 => 1,
            _ => 2,
        };
        let own = letters(word);
        let mut best: Option<(&Arc<Spelling>, usize)> = None;
        // The first sound is the one that is rarely wrong.
        for candidate in self.by_onset.get(&onset(word)).into_iter().flatten() {
            // An error changes two letters at most.
            let others = (candidate.letters ^ own).count_ones() as usize;
            if candidate.length.abs_diff(length) > allowed || others > 2 * allowed {
                continue;
            }
            let distance = strsim::osa_distance(word, &candidate.word);
            if distance <= allowed && best.is_none_or(|(_, d)| distance < d) {
                best = Some((candidate, distance));
            }
        }
        best.map_or(Resolved::Unknown, |(word, distance)| Resolved::Mistyped(Arc::clone(word), distance))
    }

    /// The meanings of a word that it shares with others.
    pub(super) fn meanings(&self, word: &str) -> Vec<String> {
        self.meanings.get(word).into_iter().flatten().map(|m| format!("m:{m}")).collect()
    }

    /// What a word means, as far as known: its stems and meanings.
    pub(super) fn senses(&self, word: &str) -> Vec<String> {
        let Some((word, _)) = self.resolve(word) else { return Vec::new() };
        self.stems(&word).iter().cloned().chain(self.meanings(&word)).collect()
    }

    /// The features of a message or of a part of it.
    pub(super) fn features(&self, units: &[Unit]) -> Features {
        let mut features = Features::default();
        let mut previous: Option<String> = None;
        for unit in units {
            match unit {
                Unit::Word { word, .. } => previous = self.word(word, previous.as_deref(), &mut features),
                Unit::Value { parameter, .. } => {
                    raise(&mut features.known, format!("v:{parameter}"), 0.6);
                    previous = Some("<v>".to_owned());
                }
                Unit::Break => previous = None,
            }
        }
        features
    }

    fn word(&self, word: &str, previous: Option<&str>, features: &mut Features) -> Option<String> {
        if word == NUMBER {
            raise(&mut features.known, format!("w:{NUMBER}"), 0.25);
            return Some(NUMBER.to_owned());
        }
        let Some((word, confidence)) = self.resolve(word) else {
            let weight: f64 = if word.chars().count() >= 4 { UNKNOWN } else { 0.5 };
            features.unknown += weight * weight;
            return None;
        };
        let word = word.as_ref();
        let light = self.is_function_word(word);
        let weight = if light { FUNCTION_WORD * confidence } else { confidence };
        let stems = self.stems(word);
        // A word weighs the same however many meanings it has.
        let meanings: &[usize] = self.meanings.get(word).map_or(&[], Vec::as_slice);
        let (for_stems, for_meanings) = if meanings.is_empty() { (1.0, 0.0) } else { (0.75, 0.66) };
        let share = for_stems * weight / real(stems.len()).sqrt();
        let mut telling = false;
        for stem in stems.iter() {
            telling |= self.known_stems.contains(stem);
            raise(&mut features.known, format!("w:{stem}"), share);
        }
        for meaning in meanings {
            let share = for_meanings * confidence / real(meanings.len()).sqrt();
            raise(&mut features.known, format!("m:{meaning}"), share);
            telling = true;
        }
        features.telling += usize::from(telling && !light);
        let first = stems.first().cloned();
        if let (Some(before), Some(stem)) = (previous, first.as_deref()) {
            raise(&mut features.known, format!("b:{before} {stem}"), 0.4 * confidence);
        }
        first
    }
}

/// The first sound, roughly: a silent h, and letters that are taken for each other.
fn onset(word: &str) -> Option<char> {
    let first = word.strip_prefix('h').unwrap_or(word).chars().next()?;
    Some(match first {
        'v' | 'w' => 'b',
        'q' | 'k' => 'c',
        'z' => 's',
        'j' => 'g',
        'y' => 'i',
        other => other,
    })
}

/// Which letters a word has, a bit each; several share one.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |set, letter| set | 1 << (u32::from(letter) % 64))
}

fn raise(map: &mut BTreeMap<String, f64>, key: String, weight: f64) {
    let entry = map.entry(key).or_insert(0.0);
    if *entry < weight {
        *entry = weight;
    }
}

/// What each feature tells, learned from examples: rare over the examples, and bound to few intents.
#[derive(Debug, Default)]
pub(super) struct Salience {
    by_feature: HashMap<String, f64>,
    highest: f64,
}

impl Salience {
    /// From examples with the number of their intent.
    pub(super) fn learn<'a>(examples: impl Iterator<Item = (usize, &'a Features)>) -> Self {
        let mut count: HashMap<&str, (f64, BTreeMap<usize, f64>)> = HashMap::new();
        let mut total = 0.0;
        for (class, features) in examples {
            total += 1.0;
            for name in features.known.keys() {
                let entry = count.entry(name).or_default();
                entry.0 += 1.0;
                *entry.1.entry(class).or_default() += 1.0;
            }
        }
        let highest = f64::ln(total + 1.0).max(1.0);
        let by_feature = count
            .into_iter()
            .map(|(name, (n, classes))| {
                let rare = f64::ln((total + 1.0) / (n + 0.5)) / highest;
                let largest = classes.values().copied().fold(0.0, f64::max);
                (name.to_owned(), (0.25 + 0.75 * rare) * (0.4 + 0.6 * largest / n))
            })
            .collect();
        Self { by_feature, highest: 1.0 }
    }

    /// A vector of unit length; what is unknown takes its share of the length.
    pub(super) fn vector(&self, features: &Features) -> BTreeMap<String, f64> {
        let mut vector: BTreeMap<String, f64> = BTreeMap::new();
        let mut square = features.unknown * self.highest * self.highest;
        for (name, weight) in &features.known {
            // A word pair or a meaning nobody used in an example says nothing; a word does.
            let salience = match self.by_feature.get(name) {
                Some(salience) => *salience,
                None if name.starts_with("w:") => UNKNOWN * self.highest,
                None => continue,
            };
            let value = weight * salience;
            square += value * value;
            vector.insert(name.clone(), value);
        }
        let length = square.sqrt();
        if length > 0.0 {
            for value in vector.values_mut() {
                *value /= length;
            }
        }
        vector
    }
}

/// How many character triples two texts share (Dice): forgives compounds and endings that no stemmer knows.
pub(super) fn triples(units: &[Unit]) -> BTreeSet<String> {
    let mut set = BTreeSet::new();
    for word in units.iter().filter_map(Unit::word).filter(|w| *w != NUMBER) {
        let padded: Vec<char> = format!(" {} ", fold(word)).chars().collect();
        set.extend(padded.windows(3).map(|w| w.iter().collect::<String>()));
    }
    set
}

/// Dice's coefficient of two sets with so many members, and so many in both.
pub(super) fn dice(shared: usize, one: usize, other: usize) -> f64 {
    if one == 0 || other == 0 { 0.0 } else { 2.0 * real(shared) / real(one + other) }
}

#[cfg(test)]
mod tests {
    use super::super::text::units;
    use super::*;

    fn vocabulary() -> Vocabulary {
        let languages = ["es".to_owned(), "en".to_owned()];
        Vocabulary::new(&languages, ["reclamo", "pedido", "habitacion", "breakfast", "hora"].into_iter())
    }

    #[test]
    fn typing_errors_resolve_to_the_word() {
        let v = vocabulary();
        for (typed, meant) in [("relcamo", "reclamo"), ("habitasion", "habitacion"), ("brekfast", "breakfast")] {
            assert_eq!(v.resolve(typed).map(|(w, _)| w).as_deref(), Some(meant), "{typed}");
        }
    }

    #[test]
    fn short_or_far_words_do_not() {
        let v = vocabulary();
        for typed in ["xyz", "zanahoria", "ora"] {
            assert_eq!(v.resolve(typed), None, "{typed}");
        }
    }

    #[test]
    fn letters_tell_words_that_are_far_apart_and_none_that_are_near() {
        for (a, b, most) in [("reclamo", "relcamo", 0), ("habitacion", "habitasion", 2), ("ababab", "cdcdcd", 4)] {
            assert_eq!((letters(a) ^ letters(b)).count_ones(), most, "{a} {b}");
        }
    }

    #[test]
    fn dice_is_between_none_and_all() {
        let (a, b) = (triples(&units("hotel", &[])), triples(&units("xyz", &[])));
        assert!((dice(a.len(), a.len(), a.len()) - 1.0).abs() < 1e-9);
        assert!(dice(a.intersection(&b).count(), a.len(), b.len()) < 1e-9);
        assert!(dice(0, 0, a.len()) < 1e-9);
    }
}
