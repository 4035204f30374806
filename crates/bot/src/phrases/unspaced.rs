//! Phrases in scripts that leave no space between words: found wherever the letters stand, unless what stands beside
//! them denies it.

use super::{
    matching::{fold, words},
    sentence::Sentence,
};

/// What denies right before a phrase, or before auxiliary words in front of it: Chinese, Thai.
const BEFORE: &[&str] = &["不", "别", "別", "没", "沒", "勿", "毋", "无", "無", "ไม่", "อย่า", "มิ"];
/// The auxiliary words.
const AUXILIARIES: &[&str] = &[
    "想",
    "要",
    "需",
    "用",
    "必",
    "愿意",
    "願意",
    "会",
    "會",
    "是",
    "打算",
    "希望",
    "找",
    "转",
    "轉",
    "跟",
    "和",
    "与",
    "與",
    "联系",
    "聯繫",
    "聯絡",
    "给我",
    "給我",
    "帮我",
    "幫我",
    "叫",
    "再",
    "去",
    "接",
    "说",
    "說",
    "过",
    "過",
    "อยาก",
    "ต้องการ",
    "ต้อง",
    "ได้",
    "จำเป็น",
    "จะ",
    "คิด",
    "ให้",
    "ขอ",
    "ว่า",
    "เคย",
];
/// What denies right behind a phrase: Japanese.
const BEHIND: &[&str] = &[
    "わけで",
    "わけじゃ",
    "とは思",
    "とは言",
    "ほしくな",
    "欲しくな",
    "もらわな",
    "くれなく",
    "いただかな",
    "頂かな",
    "必要はな",
    "必要はあり",
    "必要な",
    "のではな",
    "のでな",
    "んじゃな",
    "ではな",
    "じゃな",
    "ことはな",
    "なくて",
    "は不要",
    "不要",
    "はいらな",
    "いらな",
    "は要らな",
];

/// A phrase without spaces, folded.
#[derive(Debug, Clone)]
pub(super) struct Unspaced(String);

impl Unspaced {
    /// The phrase, if its script leaves no spaces.
    pub(super) fn new(text: &str) -> Option<Self> {
        text.chars().any(is_unspaced).then(|| Self(words(text).concat()))
    }

    pub(super) fn is_in(&self, sentence: &Sentence) -> bool {
        let mut parts = vec![String::new()];
        for (word, comma) in sentence.words.iter().zip(&sentence.commas) {
            if *comma {
                parts.push(String::new());
            }
            if let Some(part) = parts.last_mut() {
                part.push_str(word.as_str());
            }
        }
        parts.iter().any(|part| {
            part.match_indices(&self.0).any(|(at, found)| {
                let (before, behind) = (part.get(..at).unwrap_or_default(), part.get(at + found.len()..));
                !denies_before(before) && !denies_behind(behind.unwrap_or_default())
            })
        })
    }
}

/// Whether the letters are written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Chinese characters.
fn is_unspaced(char: char) -> bool {
    matches!(char, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// So many auxiliaries may stand between a "no" and what it denies.
const AUXILIARIES_MOST: usize = 8;

fn denies_before(before: &str) -> bool {
    let mut rest = before;
    let mut behind = None;
    for _ in 0..AUXILIARIES_MOST {
        for no in BEFORE.iter().map(|no| fold(no)) {
            if let Some(rest) = rest.strip_suffix(&no) {
                // "要不要" asks whether.
                return rest.chars().next_back().is_none_or(|before| behind != Some(before));
            }
        }
        let Some(shorter) = AUXILIARIES.iter().find_map(|word| rest.strip_suffix(&fold(word))) else { return false };
        behind = rest.get(shorter.len()..).and_then(|word| word.chars().next());
        rest = shorter;
    }
    false
}

fn denies_behind(behind: &str) -> bool {
    BEHIND.iter().any(|no| behind.starts_with(&fold(no)))
}
