//! The phrases of a definition, and others that are found as they are written.

use super::{
    Phrases,
    grammar::{Clause, Grammar, Speaker},
    lang::{self, Language},
    matching::{Phrase, fold},
    sentence::Sentence,
    unspaced::Unspaced,
};

/// Phrases in one language, with its rules for a "no".
#[derive(Debug, Clone)]
pub(super) struct Spoken {
    grammar: Grammar,
    phrases: Vec<Phrase>,
    unspaced: Vec<Unspaced>,
    speaker: Speaker,
}

impl Spoken {
    pub(super) fn new<'a>(tag: &str, phrases: impl IntoIterator<Item = &'a str>, speaker: Speaker) -> Self {
        let rules = lang::ALL.iter().find(|it| it.code == primary(tag)).map_or(&lang::general::RULES, |it| &it.rules);
        let (mut spaced, mut unspaced) = (Vec::new(), Vec::new());
        for text in phrases {
            match Unspaced::new(text) {
                Some(phrase) => unspaced.push(phrase),
                None => spaced.push(Phrase::new(text)),
            }
        }
        Self { grammar: Grammar::new(rules), phrases: spaced, unspaced, speaker }
    }

    pub(super) fn heard_in(&self, sentence: &Sentence) -> bool {
        let words = sentence.words.as_slice();
        let mut clauses = None;
        let mut is_said = |phrase: &Phrase, start: usize| {
            let Some(end) = phrase.end_at(words, start) else { return false };
            let clauses = clauses.get_or_insert_with(|| self.grammar.clauses(sentence, self.speaker));
            // A "no" that belongs to the phrase denies nothing.
            phrase.words().iter().any(|word| self.grammar.is_no(word)) || !is_denied(clauses, start, end)
        };
        self.phrases.iter().any(|phrase| (0..words.len()).any(|start| is_said(phrase, start)))
            || self.unspaced.iter().any(|phrase| phrase.is_in(sentence))
    }
}

/// Whether the clause in which the phrase begins denies it.
fn is_denied(clauses: &[Clause<'_>], start: usize, end: usize) -> bool {
    let number = clauses.partition_point(|clause| clause.at <= start);
    let clause = number.checked_sub(1).and_then(|number| clauses.get(number));
    clause.is_some_and(|clause| clause.denies(start - clause.at, end - clause.at))
}

/// A definition's own phrases of a kind, and the languages for which it has none.
pub(super) fn of_languages(own: &Phrases, speaker: Speaker) -> (Vec<Spoken>, Vec<&'static Language>) {
    let replaced: Vec<String> = own.keys().map(|tag| primary(tag)).collect();
    let spoken = own.iter().map(|(tag, phrases)| Spoken::new(tag, phrases.iter().map(String::as_str), speaker));
    (spoken.collect(), lang::ALL.iter().filter(|it| !replaced.iter().any(|tag| tag == it.code)).collect())
}

fn primary(tag: &str) -> String {
    fold(tag.split(['-', '_']).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrases::sentence::sentences;

    fn heard(tag: &str, phrases: &[&str], text: &str) -> bool {
        let spoken = Spoken::new(tag, phrases.iter().copied(), Speaker::Customer);
        sentences(text).iter().any(|sentence| spoken.heard_in(sentence))
    }

    #[test]
    fn phrases_of_any_script_and_what_denies_them() {
        let ja: &[&str] = &["オペレーターと話したい", "担当者につないで", "人間と話したい"];
        let zh: &[&str] = &["人工客服"];
        let th: &[&str] = &["คุยกับเจ้าหน้าที่", "ขอคุยกับเจ้าหน้าที่"];
        let ru: &[&str] = &["поговорить с оператором", "позовите оператора"];
        let ar: &[&str] = &["التحدث مع موظف"];
        let ko: &[&str] = &["상담원 연결", "상담원과 통화하고 싶어"];
        let nl: &[&str] = &["met een medewerker"];
        for (tag, phrases, text) in [
            ("ja", ja, "オペレーターと話したい"),
            ("ja", ja, "すみません、オペレーターと話したいのですが"),
            ("ja", ja, "担当者につないでください"),
            ("ja", ja, "早く人間と話したいんです"),
            ("ja", ja, "わからないので担当者につないでくれませんか？"),
            ("ja", ja, "いいえ、人間と話したいです。"),
            ("zh", zh, "我要人工客服"),
            ("zh-TW", zh, "听不懂，我要人工客服！"),
            ("zh", zh, "你听不懂我要人工客服"),
            ("zh", zh, "能不能转人工客服"),
            ("zh", zh, "我要不要找人工客服"),
            ("th", th, "ขอคุยกับเจ้าหน้าที่หน่อย"),
            ("th", th, "ไม่เข้าใจ ขอคุยกับเจ้าหน้าที่ค่ะ"),
            ("ru", ru, "Нет, хочу поговорить с оператором"),
            ("ru", ru, "не работает позовите оператора"),
            ("ar", ar, "لا، أريد التحدث مع موظف"),
            ("ar", ar, "أريد التحدّث مع موظف"),
            ("ko", ko, "상담원 연결해 주세요"),
            ("ko", ko, "상담원과 통화하고 싶어요"),
            ("nl", nl, "Nee, ik wil met een medewerker praten"),
        ] {
            assert!(heard(tag, phrases, text), "{tag}: {text}");
        }
        for (tag, phrases, text) in [
            ("ja", ja, "オペレーターと話したいわけではない"),
            ("ja", ja, "担当者につないでもらわなくていいです"),
            ("ja", ja, "オペレーターと話したくない"),
            ("ja", ja, "荷物はどこですか"),
            ("zh", zh, "我不要人工客服"),
            ("zh", zh, "不需要转人工客服"),
            ("zh", zh, "别给我转人工客服"),
            ("th", th, "ไม่ต้องการคุยกับเจ้าหน้าที่"),
            ("th", th, "ไม่อยากคุยกับเจ้าหน้าที่"),
            ("ru", ru, "не хочу поговорить с оператором"),
            ("ar", ar, "لا أريد التحدث مع موظف"),
            ("ko", ko, "상담원이 친절했어요"),
            ("nl", nl, "Ik wil niet met een medewerker praten"),
        ] {
            assert!(!heard(tag, phrases, text), "{tag}: {text}");
        }
    }
}
