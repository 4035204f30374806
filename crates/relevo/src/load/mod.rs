//! `relevo load`: many customers at once over the real wire, and whether anything went wrong with any of them.
//!
//! Each customer is a chat of its own, with a websocket, that says what its part of the mix says and keeps what it heard.
//! What became of it is judged at the end by [`verdict`], from what was sent, what came over the websocket and what the
//! transcript says; the figures are of what a customer notices.

mod customer;
mod figures;
mod mix;
mod people;
mod report;
mod verdict;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::Notify,
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until},
};

use self::{figures::Figures, verdict::Broken};
pub(crate) use self::{mix::Mix, report::Report};
use crate::chat::{ChatError, Client, Place};

/// What is done.
pub(crate) struct Plan {
    /// Where the chats begin; none: where the server says.
    pub(crate) place: Option<Place>,
    /// Customers in all.
    pub(crate) customers: u32,
    /// Chats that begin in a second.
    pub(crate) rate: f64,
    /// What they say.
    pub(crate) mix: Mix,
    /// How long a customer stays after the last word.
    pub(crate) stay: Duration,
    /// How long a customer waits for anything before it counts as missing.
    pub(crate) patience: Duration,
    /// People at the desk who take what waits; 0: others do, or nobody.
    pub(crate) people: u32,
    /// Whether what each client was told is kept for the report.
    pub(crate) views: bool,
}

/// How far it is: what a progress line shows.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    pub(crate) started: AtomicU64,
    pub(crate) open: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) with_person: AtomicU64,
    pub(crate) broken: AtomicU64,
    stop: Notify,
}

impl Progress {
    /// Nobody begins any more.
    pub(crate) fn stop(&self) {
        self.stop.notify_one();
    }

    fn add(count: &AtomicU64) {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs the plan to its end, or to [`Progress::stop`]: then nobody begins any more, and who is there finishes.
///
/// # Errors
/// When there is nobody to talk to at all.
pub(crate) async fn run(client: Client, plan: Plan, progress: Arc<Progress>) -> Result<Report, ChatError> {
    let place = match plan.place.clone() {
        Some(place) => place,
        None => client.place().await?,
    };
    let began = Instant::now();
    let plan = Arc::new(plan);
    let people = (plan.people > 0).then(|| people::start(&client, plan.people));
    let mut customers = JoinSet::new();
    let (mut figures, mut broken, mut views) = (Figures::default(), Vec::new(), Vec::new());
    let mut take = |done: Result<customer::Heard, JoinError>| {
        let heard = done.unwrap_or_else(|error| customer::Heard::failed(&error.to_string()));
        figures.take(&heard);
        views.extend(plan.views.then(|| heard.view()));
        let found = verdict::of(&heard);
        progress.broken.fetch_add(found.len().try_into().unwrap_or(u64::MAX), Ordering::Relaxed);
        broken.extend(found);
    };
    let mut draws = plan.mix.draws();
    for number in 0..plan.customers {
        // An open loop: who comes does not wait for those who are there.
        let due = began + Duration::from_secs_f64(f64::from(number) / plan.rate);
        let stopped = loop {
            tokio::select! {
                biased;
                () = progress.stop.notified() => break true,
                Some(done) = customers.join_next() => take(done),
                () = sleep_until(due) => break false,
            }
        };
        if stopped {
            break;
        }
        let life = customer::Life {
            client: client.clone(),
            place: place.clone(),
            number,
            kind: plan.mix.draw(&mut draws),
            pauses: draws.fork(),
            stay: plan.stay,
            patience: plan.patience,
            somebody: plan.people > 0,
            progress: Arc::clone(&progress),
        };
        customers.spawn(life.live());
    }
    while let Some(done) = customers.join_next().await {
        take(done);
    }
    if let Some(people) = people {
        if people.failed() {
            broken.push(Broken::Desk);
        }
        views.extend(people.views().into_iter().filter(|_| plan.views));
    }
    Ok(Report::new(&plan, began.elapsed(), figures, broken, &progress).with_views(views))
}
