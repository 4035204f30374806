//! The measuring: fresh processes for what a start costs, one process for what a turn costs, set delays for the way to
//! the customer's first words.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{
    aws::{Aws, Manner, Operation, Pace},
    events,
    figures::{Figures, Plan, Start, Warm, Words},
    function::Function,
    process,
    subject::Subject,
};

/// A chat has so many turns; then comes the next contact.
const TURNS_OF_A_CHAT: usize = 10;
/// Turns before a turn counts as warm: connections are open, caches filled.
const WARMING: usize = 10;
/// Turns whose way to the first words is measured.
const PACED_TURNS: usize = 5;
/// With two paragraphs, the first is there after this part of the agent's time.
const FIRST_PARAGRAPH: u32 = 3;

/// Makes events for a subject: each is the first of its kind.
pub(crate) struct Bench<'a> {
    pub(crate) aws: &'a Aws,
    pub(crate) plan: Plan,
    /// Opens the contacts that `chat-bot` answers.
    opener: Function,
    count: usize,
}

/// Which events a subject gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A flow's call.
    Start,
    /// A customer's message, in a contact that was opened.
    Chat,
    /// A customer's message that nobody answers.
    Echo,
}

impl<'a> Bench<'a> {
    /// With a `start-bot` that opens contacts.
    pub(crate) async fn new(aws: &'a Aws, plan: Plan, start_bot: &Subject) -> Result<Self> {
        let opener = Function::start(&start_bot.program, &start_bot.variables(aws)).await?;
        Ok(Self { aws, plan, opener, count: 0 })
    }

    /// All figures of a subject.
    pub(crate) async fn measure(&mut self, subject: &Subject, kind: Kind) -> Result<Figures> {
        status(&subject.name);
        let start = self.start(subject, kind).await.with_context(|| format!("{}: start", subject.name))?;
        let mut function = self.spawn(subject).await?;
        let warm = self.warm(&mut function, kind).await.with_context(|| format!("{}: turns", subject.name))?;
        let words = match kind {
            Kind::Chat => {
                Some(self.words(subject, &function).await.with_context(|| format!("{}: words", subject.name))?)
            }
            Kind::Start | Kind::Echo => None,
        };
        Ok(Figures { subject: subject.clone(), start, warm, words })
    }

    async fn spawn(&self, subject: &Subject) -> Result<Function> {
        Function::start(&subject.program, &subject.variables(self.aws)).await
    }

    /// The next contact, opened if the kind needs it.
    async fn contact(&mut self, kind: Kind) -> Result<String> {
        self.count += 1;
        let contact_id = format!("00000000-0000-4000-8000-{:012}", self.count);
        if kind == Kind::Chat {
            let opened = self.opener.invoke(&events::start(&contact_id)).await?;
            check(Kind::Start, &opened.value)?;
        }
        self.aws.calls()?;
        Ok(contact_id)
    }

    fn event(&mut self, kind: Kind, contact_id: &str) -> Value {
        self.count += 1;
        if kind == Kind::Start { events::start(contact_id) } else { events::message(contact_id, self.count) }
    }

    async fn start(&mut self, subject: &Subject, kind: Kind) -> Result<Start> {
        let (mut inits, mut firsts, mut cpus) = (Vec::new(), Vec::new(), Vec::new());
        self.aws.pace(Pace::AT_ONCE);
        // One more, which brings the program into the file cache.
        for number in 0..=self.plan.starts {
            let contact = self.contact(kind).await?;
            let event = self.event(kind, &contact);
            let mut function = self.spawn(subject).await?;
            // The event waits already: on Lambda it is what the process is started for.
            let answered = function.invoke(&event).await?;
            check(kind, &answered.value)?;
            if number > 0 {
                cpus.push(process::fine_cpu(function.pid()?)?);
                firsts.push(answered.done - function.spawned);
                inits.push(function.init().await?);
            }
        }
        Ok(Start { init: median(inits), first_answer: median(firsts), cpu: median(cpus) })
    }

    async fn warm(&mut self, function: &mut Function, kind: Kind) -> Result<Warm> {
        self.aws.pace(Pace::AT_ONCE);
        self.turns(function, kind, WARMING).await?;
        let (mut turns, mut calls) = (Vec::new(), 0);
        let before = process::cpu(function.pid()?)?;
        while turns.len() < self.plan.turns {
            let count = TURNS_OF_A_CHAT.min(self.plan.turns - turns.len());
            let (these, made) = self.turns(function, kind, count).await?;
            turns.extend(these);
            calls += made;
        }
        let pid = function.pid()?;
        let cpu = process::cpu(pid)?.saturating_sub(before) / u32::try_from(self.plan.turns.max(1))?;
        let calls = calls / self.plan.turns.max(1);
        Ok(Warm { cpu, turn: median(turns), peak_memory: process::peak_memory_bytes(pid)?, calls })
    }

    /// Turns of one chat: from delivery to answer, and how many calls they made.
    async fn turns(&mut self, function: &Function, kind: Kind, count: usize) -> Result<(Vec<Duration>, usize)> {
        let mut contact = self.contact(kind).await?;
        let (mut turns, mut calls) = (Vec::new(), 0);
        for _ in 0..count {
            if kind == Kind::Start {
                contact = self.contact(kind).await?;
            }
            let answered = function.invoke(&self.event(kind, &contact)).await?;
            check(kind, &answered.value)?;
            turns.push(answered.done - answered.delivered);
            let made = self.aws.calls()?;
            let spoken = made.0.iter().filter(|it| it.operation == Operation::SendMessage).count();
            ensure!(spoken == usize::from(kind != Kind::Echo), "a turn that said {spoken} things: {made}");
            calls += made.0.len();
        }
        Ok((turns, calls))
    }

    async fn words(&mut self, subject: &Subject, function: &Function) -> Result<Words> {
        let whole = Pace { call: self.plan.call, agent: Manner { first: self.plan.agent, second: None } };
        let first = self.plan.agent / FIRST_PARAGRAPH;
        let parts = Pace { agent: Manner { first, second: Some(self.plan.agent.saturating_sub(first)) }, ..whole };
        let (mut warm, mut cold, mut early, mut path, mut round_trips) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), 0);
        for _ in 0..PACED_TURNS {
            let contact = self.contact(Kind::Chat).await?;
            let event = self.event(Kind::Chat, &contact);
            self.aws.pace(whole);
            let answered = function.invoke(&event).await?;
            let ledger = self.aws.calls()?;
            warm.push(ledger.first_words(answered.delivered).context("no words")?);
            if ledger.round_trips() >= round_trips {
                (path, round_trips) = (ledger.critical_path(), ledger.round_trips());
            }
            let event = self.event(Kind::Chat, &contact);
            self.aws.pace(parts);
            let answered = function.invoke(&event).await?;
            early.push(self.aws.calls()?.first_words(answered.delivered).context("no words")?);
            let event = self.event(Kind::Chat, &contact);
            self.aws.pace(whole);
            let fresh = self.spawn(subject).await?;
            fresh.invoke(&event).await?;
            cold.push(self.aws.calls()?.first_words(fresh.spawned).context("no words")?);
            self.aws.pace(Pace::AT_ONCE);
        }
        Ok(Words { warm: median(warm), cold: median(cold), paragraph: (median(early), first), path, round_trips })
    }
}

/// A measurement of something that failed is none.
fn check(kind: Kind, answer: &Value) -> Result<()> {
    let right = match kind {
        Kind::Start => answer["status"] == "success",
        Kind::Chat => answer.as_object().is_some_and(serde_json::Map::is_empty),
        Kind::Echo => answer["Records"].is_array(),
    };
    ensure!(right, "another answer than expected: {answer}");
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[allow(clippy::print_stderr)] // a run takes a minute: whoever waits sees that it goes on
fn status(name: &str) {
    eprintln!("measuring {name}");
}
