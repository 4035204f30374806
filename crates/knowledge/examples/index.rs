//! Measures a folder of generated documents: `cargo run --release -p relevo-knowledge --example index [DOCUMENTS]`.
//!
//! The documents are of the length of help articles, in Spanish and English by halves, with words as unequally frequent as those
//! of a language. All numbers come from one seed. It prints a table on stdout.
#![allow(clippy::print_stdout, reason = "a program")]

use std::{
    fs, io,
    path::Path,
    time::{Duration, Instant},
};

use relevo_knowledge::{FolderBase, FolderSettings, Keep};

const SECTIONS: u64 = 4;
const SENTENCES: u64 = 8;
const WORDS: u64 = 12;
const VOCABULARY: u64 = 20_000;
const QUERIES: u64 = 2_000;

const SPANISH: [&str; 24] = [
    "de",
    "la",
    "que",
    "el",
    "en",
    "los",
    "para",
    "con",
    "por",
    "una",
    "pedido",
    "pedidos",
    "envío",
    "devolución",
    "devoluciones",
    "garantía",
    "reembolso",
    "tarjeta",
    "entrega",
    "producto",
    "cliente",
    "pago",
    "plazo",
    "tienda",
];
const ENGLISH: [&str; 24] = [
    "the", "of", "and", "to", "in", "is", "you", "that", "for", "with", "order", "orders", "shipping", "return",
    "returned", "warranty", "refund", "card", "delivery", "product", "customer", "payment", "deadline", "store",
];

/// A xorshift generator: the same numbers everywhere.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    /// Small numbers are far more frequent.
    fn unequal(&mut self, below: u64) -> u64 {
        let most = self.next(below) + 1;
        let most = self.next(most) + 1;
        self.next(most)
    }
}

fn word(numbers: &mut Numbers, common: &'static [&'static str; 24]) -> String {
    if numbers.next(2) == 0 {
        let at = usize::try_from(numbers.next(24)).unwrap_or_default();
        return common.get(at).copied().unwrap_or_default().to_owned();
    }
    // A word of syllables for each number.
    let mut number = numbers.unequal(VOCABULARY) + 40;
    let mut word = String::new();
    while number > 0 {
        let syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo"];
        word.push_str(syllables.get(usize::try_from(number % 14).unwrap_or_default()).copied().unwrap_or_default());
        number /= 14;
    }
    word
}

fn sentence(numbers: &mut Numbers, common: &'static [&'static str; 24]) -> String {
    let words: Vec<String> = (0..WORDS).map(|_| word(numbers, common)).collect();
    format!("El {}.", words.join(" "))
}

fn document(numbers: &mut Numbers, number: u64) -> String {
    let common = if number.is_multiple_of(2) { &SPANISH } else { &ENGLISH };
    let mut text = format!("# {}\n\n", sentence(numbers, common));
    for _ in 0..SECTIONS {
        let title: Vec<String> = (0..3).map(|_| word(numbers, common)).collect();
        let sentences: Vec<String> = (0..SENTENCES).map(|_| sentence(numbers, common)).collect();
        text = format!("{text}## {}\n\n{}\n\n", title.join(" "), sentences.join(" "));
    }
    text
}

fn write(folder: &Path, documents: u64) -> io::Result<u64> {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut bytes = 0;
    for number in 0..documents {
        let below = folder.join(format!("{:02}", number % 50));
        fs::create_dir_all(&below)?;
        let text = document(&mut numbers, number);
        bytes += text.len() as u64;
        fs::write(below.join(format!("article-{number}.md")), text)?;
    }
    Ok(bytes)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let documents = std::env::args().nth(1).map_or(Ok(10_000), |documents| documents.parse())?;
    let (folder, data) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let bytes = write(folder.path(), documents)?;
    println!("| what | measured |\n| --- | --- |\n| documents | {documents}, {} kB |", bytes / 1024);
    let settings = FolderSettings {
        folder: folder.path().to_owned(),
        language: None,
        languages: vec!["es".into(), "en".into()],
        look_every: Duration::from_hours(1),
    };
    for (name, keep) in [("memory", Keep::Memory), ("disk", Keep::Folder(data.path().to_owned()))] {
        let base = FolderBase::new(settings.clone(), keep);
        let begun = Instant::now();
        assert!(base.problems()?.is_empty());
        println!("| index, in {name} | {:.1} s |", begun.elapsed().as_secs_f64());
        println!("| query, in {name}: median, 99 of 100, longest | {} |", queries(&base)?);
    }
    let looking = FolderSettings { look_every: Duration::ZERO, ..settings };
    let base = FolderBase::new(looking, Keep::Folder(data.path().to_owned()));
    for (name, changed) in
        [("open the index on disk", false), ("look, nothing changed", false), ("look, one document changed", true)]
    {
        if changed {
            fs::write(folder.path().join("00/article-0.md"), "# Garantía\n\nOtra cosa.\n")?;
        }
        let begun = Instant::now();
        base.search("garantía", 5)?;
        println!("| {name} | {} ms |", begun.elapsed().as_millis());
    }
    Ok(())
}

fn queries(base: &FolderBase) -> Result<String, Box<dyn std::error::Error>> {
    let mut numbers = Numbers(7);
    let mut times = Vec::new();
    for number in 0..QUERIES {
        let common = if number.is_multiple_of(2) { &SPANISH } else { &ENGLISH };
        let words: Vec<String> = (0..6).map(|_| word(&mut numbers, common)).collect();
        let begun = Instant::now();
        base.search(&words.join(" "), 5)?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default().as_secs_f64() * 1000.0;
    let longest = times.last().copied().unwrap_or_default().as_secs_f64() * 1000.0;
    Ok(format!("{:.2} ms, {:.2} ms, {longest:.2} ms", at(50), at(99)))
}
