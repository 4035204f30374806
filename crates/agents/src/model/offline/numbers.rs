//! Numbers as people write and say them: `2.500`, `1,5`, "dos", "twenty five", "3 mil".

use std::ops::Range;

use super::text::{Unit, fold};

/// How numbers are written in the definition's languages.
#[expect(clippy::struct_excessive_bools, reason = "independent marks of the languages")]
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Writing {
    /// A comma groups thousands (English).
    comma_groups: bool,
    /// A dot groups thousands (nearly everywhere else).
    dot_groups: bool,
    /// "once" is a number in Spanish only, "dos" is no number in Portuguese.
    spanish: bool,
    italian: bool,
}

/// A number in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// With a dot for the decimals and nothing else.
    pub(super) value: String,
    /// Bytes of the text.
    pub(super) at: Range<usize>,
    /// A word that is also an article ("una").
    pub(super) article: bool,
}

impl Writing {
    /// Of these languages.
    pub(super) fn new(languages: &[String]) -> Self {
        let english = |code: &String| code == "en" || code.starts_with("en-");
        let speaks = |code: &str| languages.iter().any(|l| l.starts_with(code));
        Self {
            comma_groups: languages.iter().any(english),
            dot_groups: languages.iter().any(|code| !english(code)),
            spanish: speaks("es"),
            italian: speaks("it"),
        }
    }

    /// For whole numbers, where every separator groups.
    pub(super) fn whole(self) -> Self {
        Self { comma_groups: true, dot_groups: true, ..self }
    }

    fn value_of(self, word: &str) -> Option<u64> {
        let foreign = match word {
            "dos" | "once" => !self.spanish,
            "sei" | "due" | "tre" => !self.italian,
            _ => false,
        };
        let known = WORDS.iter().filter(|_| !foreign);
        known.into_iter().find(|(_, words)| words.split_whitespace().any(|w| w == word)).map(|(value, _)| *value)
    }

    /// Digits with separators, as a number with a decimal point. With one separator and three digits behind it, the
    /// languages decide; everything else speaks for itself.
    pub(super) fn plain(self, raw: &str) -> Option<String> {
        let raw = raw.trim().trim_start_matches(['$', '€', '£']).trim();
        let (sign, digits) = raw.strip_prefix('-').map_or(("", raw), |rest| ("-", rest));
        let groups: Vec<&str> = digits.split(['.', ',']).collect();
        if groups.iter().any(|g| g.is_empty() || !g.chars().all(|c| c.is_ascii_digit())) {
            return None;
        }
        let seps: Vec<char> = digits.chars().filter(|c| matches!(c, '.' | ',')).collect();
        let (last, before) = groups.split_last()?;
        let (first, middle) = before.split_first().map_or(("", before), |(first, middle)| (*first, middle));
        let grouped = !first.is_empty() && first.len() <= 3 && first != "0" && middle.iter().all(|g| g.len() == 3);
        let decimal = match seps.as_slice() {
            [] => false,
            [one] => !(grouped && last.len() == 3 && if *one == ',' { self.comma_groups } else { self.dot_groups }),
            [others @ .., end] if others.iter().all(|c| c != end) && grouped => true,
            all if all.iter().all(|c| Some(c) == all.first()) && grouped && last.len() == 3 => false,
            _ => return None,
        };
        let whole = if decimal { before.concat() } else { groups.concat() };
        let fraction = if decimal { format!(".{last}") } else { String::new() };
        Some(format!("{sign}{whole}{fraction}"))
    }

    /// The numbers of a text, in order.
    pub(super) fn find(self, text: &str, plain: &[Unit]) -> Vec<Found> {
        let mut found = Vec::new();
        let words: Vec<Range<usize>> = plain.iter().filter_map(Unit::at).collect();
        let mut next = 0;
        while let Some(at) = words.get(next) {
            let (run, used) = self.run(text, words.get(next..).unwrap_or_default());
            if let Some(value) = run {
                let end = words.get(next + used.saturating_sub(1)).map_or(at.end, |w| w.end);
                let article = used == 1 && text.get(at.clone()).is_some_and(|w| is_article(&fold(w)));
                found.push(Found { value, at: at.start..end, article });
            }
            next += used.max(1);
        }
        found
    }

    /// The number that begins here, and of how many words it is made.
    fn run(self, text: &str, words: &[Range<usize>]) -> (Option<String>, usize) {
        let raw = |i: usize| words.get(i).and_then(|w| text.get(w.clone()));
        let close = |i: usize| {
            let between = words.get(i.wrapping_sub(1)).zip(words.get(i)).and_then(|(a, b)| text.get(a.end..b.start));
            between.is_some_and(|b| b.chars().all(|c| c.is_whitespace() || c == '-'))
        };
        let Some(first) = raw(0) else { return (None, 1) };
        if let Some(mut value) = self.plain(first) {
            let mut used = 1;
            // "2 500 000"
            while !value.contains('.')
                && value.len() <= 3 * used
                && close(used)
                && raw(used).is_some_and(|g| g.len() == 3 && g.chars().all(|c| c.is_ascii_digit()))
            {
                value.push_str(raw(used).unwrap_or_default());
                used += 1;
            }
            if let Some(factor) = raw(used).filter(|_| close(used)).and_then(|w| multiplier(&fold(w))) {
                return (times(&value, factor), used + 1);
            }
            return (Some(value), used);
        }
        if let Some((digits, factor)) = first.strip_suffix(['k', 'K']).map(|d| (d, 1_000)) {
            return (self.plain(digits).and_then(|d| times(&d, factor)), 1);
        }
        let (mut total, mut current, mut used, mut i): (u64, u64, usize, usize) = (0, 0, 0, 0);
        while let Some(word) = raw(i).filter(|_| i == 0 || close(i)).map(fold) {
            if let Some(value) = self.value_of(&word) {
                // "two three" are two numbers, "twenty three" is one.
                if used > 0 && (current % 100 != 0 && !(value < 10 && current % 10 == 0)) {
                    break;
                }
                current += value;
            } else if word == "hundred" && used > 0 && current < 10 {
                current *= 100;
            } else if let Some(factor) = multiplier(&word).filter(|_| used > 0 || word == "mil") {
                total += current.max(1).saturating_mul(factor);
                current = 0;
            } else if used > 0 && matches!(word.as_str(), "y" | "e" | "and" | "et" | "und") {
                i += 1;
                if current % 10 == 0 && raw(i).map(fold).is_some_and(|w| self.value_of(&w).is_some_and(|v| v < 100)) {
                    continue;
                }
                break;
            } else {
                break;
            }
            i += 1;
            used = i;
        }
        if used == 0 { (None, 1) } else { (Some((total + current).to_string()), used) }
    }
}

fn times(value: &str, factor: u64) -> Option<String> {
    if let Ok(whole) = value.parse::<u64>() {
        return whole.checked_mul(factor).map(|n| n.to_string());
    }
    let factor = f64::from(u32::try_from(factor).ok()?);
    Some((value.parse::<f64>().ok()? * factor).to_string())
}

fn multiplier(word: &str) -> Option<u64> {
    match word {
        "mil" | "thousand" | "mille" | "mila" | "tausend" => Some(1_000),
        "million" | "millions" | "millon" | "millones" | "milhao" | "milhoes" | "milione" | "milioni" | "millionen" => {
            Some(1_000_000)
        }
        _ => None,
    }
}

/// Words that are more often an article.
fn is_article(word: &str) -> bool {
    matches!(word, "one" | "un" | "una" | "uno" | "um" | "uma" | "une" | "ein" | "eine")
}

const WORDS: &[(u64, &str)] = &[
    (0, "zero cero null"),
    (1, "one un una uno um uma une ein eine eins"),
    (2, "two dos dois duas deux zwei due couple par"),
    (3, "three tres trois drei tre"),
    (4, "four cuatro quatro quatre vier quattro"),
    (5, "five cinco cinq funf cinque"),
    (6, "six seis sechs sei"),
    (7, "seven siete sete sept sieben sette"),
    (8, "eight ocho oito huit acht otto"),
    (9, "nine nueve nove neuf neun"),
    (10, "ten diez dez dix zehn dieci"),
    (11, "eleven once onze elf undici"),
    (12, "twelve doce doze douze zwolf dodici"),
    (13, "thirteen trece treze treize dreizehn"),
    (14, "fourteen catorce quatorze catorze vierzehn"),
    (15, "fifteen quince quinze funfzehn"),
    (16, "sixteen dieciseis dezesseis seize"),
    (17, "seventeen diecisiete dezessete"),
    (18, "eighteen dieciocho dezoito"),
    (19, "nineteen diecinueve dezenove"),
    (20, "twenty veinte vinte vingt zwanzig venti"),
    (30, "thirty treinta trinta trente dreissig trenta"),
    (40, "forty cuarenta quarenta quarante vierzig quaranta"),
    (50, "fifty cincuenta cinquenta cinquante funfzig cinquanta"),
    (60, "sixty sesenta sessenta soixante sechzig sessanta"),
    (70, "seventy setenta siebzig settanta"),
    (80, "eighty ochenta oitenta achtzig ottanta"),
    (90, "ninety noventa neunzig novanta"),
    (100, "cien ciento cem cento cent hundert"),
    (200, "doscientos doscientas duzentos duzentas"),
    (300, "trescientos trescientas trezentos trezentas"),
    (400, "cuatrocientos cuatrocientas quatrocentos quatrocentas"),
    (500, "quinientos quinientas quinhentos quinhentas"),
];

#[cfg(test)]
mod tests {
    use super::super::text::units;
    use super::*;

    fn writing(languages: &[&str]) -> Writing {
        Writing::new(&languages.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn separators_are_read_as_the_languages_write_them() {
        for (languages, raw, want) in [
            (&["es"][..], "2.500", Some("2500")),
            (&["en"], "2,500", Some("2500")),
            (&["en"], "2.500", Some("2.500")),
            (&["pt"], "1,5", Some("1.5")),
            (&["en", "pt"], "2.500,75", Some("2500.75")),
            (&["en", "pt"], "2,500.75", Some("2500.75")),
            (&["es"], "1.000.000", Some("1000000")),
            (&["es"], "0.125", Some("0.125")),
            (&["es"], "1.2.3", None),
            (&["es"], "A1", None),
            (&["es"], "12.5", Some("12.5")),
        ] {
            assert_eq!(writing(languages).plain(raw).as_deref(), want, "{raw}");
        }
    }

    #[test]
    fn numbers_are_found_in_digits_and_words() {
        for (text, want) in [
            ("for 3 people", &["3"][..]),
            ("dos", &["2"]),
            ("somos dos adultos y tres niños", &["2", "3"]),
            ("twenty-five dollars", &["25"]),
            ("treinta y cinco", &["35"]),
            ("cento e vinte e cinco", &["125"]),
            ("two hundred and fifty", &["250"]),
            ("3 mil pesos", &["3000"]),
            ("dos mil quinientos", &["2500"]),
            ("1.5 million", &["1500000"]),
            ("2 500 000", &["2500000"]),
            ("5k", &["5000"]),
            ("nothing here", &[]),
        ] {
            let found = writing(&["en", "es"]).find(text, &units(text, &[]));
            let values: Vec<&str> = found.iter().map(|f| f.value.as_str()).collect();
            assert_eq!(values, want, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "[0-9.,k dostremily-]{0,40}") {
            for found in writing(&["en", "es"]).find(&text, &units(&text, &[])) {
                assert!(text.get(found.at).is_some() && found.value.parse::<f64>().is_ok());
            }
        }
    }
}
