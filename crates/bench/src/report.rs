//! The table, the ratios and the aims, on standard output.
#![allow(clippy::print_stdout)] // the one place of the benchmark that prints its results

use std::time::Duration;

use crate::figures::{Figures, Plan};

/// The figures of the sample that this project re-implements, in Python, on a quiet machine with two cores, over TLS.
struct Original {
    first_answer_ms: f64,
    turn_cpu_ms: f64,
    memory_mb: f64,
    reply_ms: f64,
}

const ORIGINAL: Original = Original { first_answer_ms: 351.0, turn_cpu_ms: 59.0, memory_mb: 65.0, reply_ms: 1_162.0 };

/// The most round trips between delivery and the first words, besides the agent.
const ROUND_TRIPS_MAX: usize = 2;

/// A figure against what it is to be.
struct Aim {
    name: &'static str,
    value: f64,
    limit: f64,
    unit: &'static str,
    why: String,
}

impl Aim {
    fn met(&self) -> bool {
        self.value <= self.limit
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Decimal megabytes. Byte counts here are far below what an `f64` holds exactly.
#[allow(clippy::cast_precision_loss)]
fn mb(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Prints all of it; answers whether every aim is met. The first row is `chat-bot`.
pub(crate) fn print(rows: &[Figures], plan: &Plan, trusted: usize) -> bool {
    println!(
        "\n{} fresh processes, {} warm turns each; AWS over TLS on loopback, {trusted} trusted authorities.",
        plan.starts, plan.turns
    );
    println!(
        "First words: {} ms for each call of AWS, and {} ms more for the agent.\n",
        plan.call.as_millis(),
        plan.agent.as_millis()
    );
    table(rows);
    let Some((chat, others)) = rows.split_first() else { return false };
    ratios(chat, others);
    words(rows);
    let aims = aims(chat);
    println!(
        "\nAims, by the figures of the original (first answer {} ms, {} ms CPU a turn, {} MB, reply at {} ms):",
        ORIGINAL.first_answer_ms, ORIGINAL.turn_cpu_ms, ORIGINAL.memory_mb, ORIGINAL.reply_ms
    );
    for aim in &aims {
        let verdict = if aim.met() { "met   " } else { "MISSED" };
        let Aim { name, value, limit, unit, why, .. } = aim;
        println!("  {verdict}  {name}: {value:.2} {unit}, at most {limit:.2} ({why})");
    }
    aims.iter().all(Aim::met)
}

fn table(rows: &[Figures]) {
    let head = ["", "init", "first answer", "its CPU", "CPU a turn", "turn", "peak memory", "binary", "calls a turn"];
    let widths = [30, 10, 13, 10, 11, 10, 12, 10, 13];
    let line = |cells: &[String]| {
        let cells = cells.iter().zip(widths).enumerate();
        let cells =
            cells.map(|(at, (it, width))| if at == 0 { format!("{it:width$}") } else { format!("{it:>width$}") });
        println!("{}", cells.collect::<String>().trim_end());
    };
    line(&head.map(str::to_owned));
    for row in rows {
        let time = |time| format!("{:.2} ms", ms(time));
        line(&[
            row.subject.name.clone(),
            time(row.start.init),
            time(row.start.first_answer),
            time(row.start.cpu),
            time(row.warm.cpu),
            time(row.warm.turn),
            format!("{:.1} MB", mb(row.warm.peak_memory)),
            row.subject.binary_bytes.map_or_else(|| "-".into(), |it| format!("{:.1} MB", mb(it))),
            row.warm.calls.to_string(),
        ]);
    }
}

fn ratios(chat: &Figures, others: &[Figures]) {
    println!("\nRatios to {}:", chat.subject.name);
    for row in others {
        println!(
            "  {}: init {:.2}, first answer {:.2}, CPU a turn {:.2}, memory {:.2}",
            row.subject.name,
            ms(row.start.init) / ms(chat.start.init),
            ms(row.start.first_answer) / ms(chat.start.first_answer),
            ms(row.warm.cpu) / ms(chat.warm.cpu),
            mb(row.warm.peak_memory) / mb(chat.warm.peak_memory),
        );
    }
}

fn words(rows: &[Figures]) {
    println!("\nThe customer's first words after the delivery:");
    for row in rows {
        let Some(words) = &row.words else { continue };
        let (early, first) = words.paragraph;
        println!(
            "  {}: {:.0} ms warm, {:.0} ms from the start of a fresh process; {:.0} ms when the agent's first paragraph \
             of two is there after {:.0} ms",
            row.subject.name,
            ms(words.warm),
            ms(words.cold),
            ms(early),
            ms(first)
        );
        let path: Vec<String> = words.path.iter().map(|it| format!("{it:?}")).collect();
        println!("    {} round trips besides the agent's: {}", words.round_trips, path.join(" > "));
    }
}

fn aims(chat: &Figures) -> Vec<Aim> {
    let against = |name, value, original: f64, part: f64, unit| {
        let why = format!("1/{part:.0} of {original}; it is 1/{:.1}", original / value);
        Aim { name, value, limit: original / part, unit, why }
    };
    let mut aims = vec![
        against("start to first answer", ms(chat.start.first_answer), ORIGINAL.first_answer_ms, 10.0, "ms"),
        against("CPU a warm turn", ms(chat.warm.cpu), ORIGINAL.turn_cpu_ms, 30.0, "ms"),
        against("peak memory", mb(chat.warm.peak_memory), ORIGINAL.memory_mb, 4.0, "MB"),
    ];
    if let Some(words) = &chat.words {
        #[allow(clippy::cast_precision_loss)] // a handful
        let (value, limit) = (words.round_trips as f64, ROUND_TRIPS_MAX as f64);
        let why = "the original: 3, and the whole answer".into();
        aims.push(Aim { name: "round trips before the first words", value, limit, unit: "calls", why });
        let (value, limit) = (ms(words.warm), ORIGINAL.reply_ms);
        let why = format!("sooner than the original, by {:.0} ms", limit - value);
        aims.push(Aim { name: "first words", value, limit, unit: "ms", why });
    }
    aims
}
