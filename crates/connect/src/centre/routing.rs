//! Who is offered what: a pure rule over who waits and who is there.

use std::collections::HashMap;

use crate::desk::{AgentStatus, AgentView, Offer, Passed};

/// A contact that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Waiting {
    /// The id of its queue.
    pub(super) queue: String,
    pub(super) enqueued_ms: i64,
    /// Priority, and when it seems to have been queued: the least is the next.
    pub(super) rank: (i64, i64),
    pub(super) offer: Option<Offer>,
    pub(super) passed: Vec<Passed>,
    pub(super) meant_for: Option<String>,
}

/// What is to be done: contact and agent.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) withdrawals: Vec<(String, String)>,
    pub(super) offers: Vec<(String, String)>,
}

/// How many more contacts the agent could be offered.
pub(super) fn free_places(view: &AgentView) -> u32 {
    if view.agent.status != AgentStatus::Available {
        return 0;
    }
    u32::from(view.agent.max_chats).saturating_sub(view.active + view.after_contact + view.offered)
}

/// Who is next by priority and waiting time is offered first, to the agent of its queue with the fewest contacts; among those to the one that has been
/// available longest. What an agent has passed up it is not offered again until it sets its status anew. An offer to an
/// agent that is not available any more is withdrawn.
pub(super) fn plan(mut waiting: Vec<(&str, &Waiting)>, agents: &[AgentView]) -> Plan {
    waiting.sort_by_key(|(id, contact)| (contact.rank, *id));
    let by_name: HashMap<&str, &AgentView> = agents.iter().map(|view| (view.agent.name.as_str(), view)).collect();
    let available = |name: &str| by_name.get(name).is_some_and(|it| it.agent.status == AgentStatus::Available);
    // Places and load, counted down as offers are made.
    let mut free: HashMap<&str, (u32, u32)> = agents
        .iter()
        .map(|view| (view.agent.name.as_str(), (free_places(view), view.active + view.after_contact + view.offered)))
        .collect();
    let mut plan = Plan::default();
    for (id, contact) in waiting {
        if let Some(offer) = &contact.offer {
            if !available(&offer.agent) {
                plan.withdrawals.push((id.to_owned(), offer.agent.clone()));
            }
            continue;
        }
        // An agent that it was meant for and that has gone leaves it to the others.
        let there = |name: &str| by_name.get(name).is_some_and(|it| it.agent.status != AgentStatus::Offline);
        let meant_for = contact.meant_for.as_deref().filter(|name| there(name));
        let may = |view: &&AgentView| {
            let agent = &view.agent;
            let passed = contact.passed.iter().any(|it| it.agent == agent.name && it.at_ms >= agent.since_ms);
            meant_for.map_or_else(|| agent.serves(&contact.queue), |name| name == agent.name)
                && !passed
                && free.get(agent.name.as_str()).is_some_and(|(places, _)| *places > 0)
        };
        let best = agents.iter().filter(may).min_by_key(|view| {
            let load = free.get(view.agent.name.as_str()).map_or(0, |(_, load)| *load);
            (load, view.agent.since_ms, view.agent.name.as_str())
        });
        if let Some(view) = best {
            if let Some((places, load)) = free.get_mut(view.agent.name.as_str()) {
                *places -= 1;
                *load += 1;
            }
            plan.offers.push((id.to_owned(), view.agent.name.clone()));
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::desk::{Agent, Declined};

    fn agent(name: &str, status: AgentStatus, since_ms: i64, max_chats: u8, active: u32) -> AgentView {
        let agent = Agent { name: name.into(), status, since_ms, max_chats, queues: Vec::new() };
        AgentView { agent, active, after_contact: 0, offered: 0 }
    }

    fn waits(enqueued_ms: i64) -> Waiting {
        Waiting {
            queue: "people".into(),
            enqueued_ms,
            rank: (5, enqueued_ms),
            offer: None,
            passed: Vec::new(),
            meant_for: None,
        }
    }

    fn offers(waiting: &[(&str, Waiting)], agents: &[AgentView]) -> Vec<(String, String)> {
        plan(waiting.iter().map(|(id, contact)| (*id, contact)).collect(), agents).offers
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect()
    }

    #[test]
    fn who_is_offered_what() {
        use AgentStatus::{AfterContactWork, Available, Busy, Offline};
        let two = [("late", waits(20)), ("early", waits(10))];
        let eva = agent("Eva", Available, 5, 2, 0);
        let luis = agent("Luis", Available, 3, 2, 0);
        // The longest available first, then the one with fewer contacts.
        assert_eq!(offers(&two, &[eva.clone(), luis.clone()]), pairs(&[("early", "Luis"), ("late", "Eva")]));
        // One place, one offer: to who waits longest.
        assert_eq!(offers(&two, &[agent("Eva", Available, 5, 2, 1)]), pairs(&[("early", "Eva")]));
        // A higher priority, which is the lower number, goes before any waiting time.
        let urgent = [("late", Waiting { rank: (1, 20), ..waits(20) }), ("early", waits(10))];
        assert_eq!(offers(&urgent, &[agent("Eva", Available, 5, 2, 1)]), pairs(&[("late", "Eva")]));
        for status in [Busy, AfterContactWork, Offline] {
            assert_eq!(offers(&two, &[agent("Eva", status, 5, 2, 0)]), pairs(&[]));
        }
        // Who passed it up is not asked again, until it sets its status anew.
        let passed = |at_ms| Waiting {
            passed: vec![Passed { agent: "Luis".into(), how: Declined::Missed, at_ms }],
            ..waits(10)
        };
        assert_eq!(offers(&[("c", passed(4))], &[eva.clone(), luis.clone()]), pairs(&[("c", "Eva")]));
        assert_eq!(offers(&[("c", passed(4))], std::slice::from_ref(&luis)), pairs(&[]));
        assert_eq!(offers(&[("c", passed(2))], std::slice::from_ref(&luis)), pairs(&[("c", "Luis")]));
        // Who serves other queues alone is offered nothing of this one, but what is meant for it.
        let mut claims = luis.clone();
        claims.agent.queues = vec!["claims".into()];
        assert_eq!(offers(&[("c", waits(1))], std::slice::from_ref(&claims)), pairs(&[]));
        let of_claims = Waiting { queue: "claims".into(), ..waits(1) };
        assert_eq!(offers(&[("c", of_claims)], &[eva.clone(), claims.clone()]), pairs(&[("c", "Luis")]));
        let for_luis = Waiting { meant_for: Some("Luis".into()), ..waits(1) };
        assert_eq!(offers(&[("c", for_luis)], &[eva.clone(), claims]), pairs(&[("c", "Luis")]));
        // What is meant for one is left to the others when that one has gone.
        let meant = Waiting { meant_for: Some("Eva".into()), ..waits(10) };
        assert_eq!(offers(&[("c", meant.clone())], &[eva.clone(), luis.clone()]), pairs(&[("c", "Eva")]));
        assert_eq!(offers(&[("c", meant.clone())], &[agent("Eva", Busy, 5, 2, 0), luis.clone()]), pairs(&[]));
        assert_eq!(offers(&[("c", meant)], &[agent("Eva", Offline, 5, 2, 0), luis.clone()]), pairs(&[("c", "Luis")]));
    }

    #[test]
    fn an_offer_to_somebody_who_is_not_available_is_withdrawn() {
        let offer = Offer { agent: "Eva".into(), at_ms: 1, until_ms: 2 };
        let contact = Waiting { offer: Some(offer), ..waits(1) };
        let eva = agent("Eva", AgentStatus::Busy, 1, 1, 0);
        let plan = plan(vec![("c", &contact)], &[eva, agent("Luis", AgentStatus::Available, 1, 1, 0)]);
        assert_eq!(plan, Plan { withdrawals: pairs(&[("c", "Eva")]), offers: Vec::new() });
    }

    fn any_agents() -> impl Strategy<Value = Vec<AgentView>> {
        let one = (0_u8..4, 1_u8..5, 0_u32..5, 0_i64..50).prop_map(|(status, max, active, since)| {
            use AgentStatus::{AfterContactWork, Available, Busy, Offline};
            let status = [Available, Busy, AfterContactWork, Offline][usize::from(status)];
            agent("", status, since, max, active)
        });
        proptest::collection::vec(one, 0..5).prop_map(|mut agents| {
            for (n, view) in agents.iter_mut().enumerate() {
                view.agent.name = format!("agent-{n}");
            }
            agents
        })
    }

    proptest! {
        /// Nobody gets more than their places, no contact goes to two, and nobody waits while somebody could take them.
        #[test]
        fn places_are_kept_and_none_is_left_empty(agents in any_agents(), times in proptest::collection::vec(0_i64..100, 0..12)) {
            let waiting: Vec<(String, Waiting)> =
                times.iter().enumerate().map(|(n, at)| (format!("c{n}"), waits(*at))).collect();
            let plan = plan(waiting.iter().map(|(id, contact)| (id.as_str(), contact)).collect(), &agents);
            for view in &agents {
                let given = plan.offers.iter().filter(|(_, name)| *name == view.agent.name).count();
                prop_assert!(given <= free_places(view) as usize);
            }
            let mut contacts: Vec<_> = plan.offers.iter().map(|(id, _)| id).collect();
            contacts.sort();
            contacts.dedup();
            prop_assert_eq!(contacts.len(), plan.offers.len());
            let places: u32 = agents.iter().map(free_places).sum();
            prop_assert_eq!(plan.offers.len(), waiting.len().min(places as usize));
            let offered = |id: &String| plan.offers.iter().any(|(contact, _)| contact == id);
            let latest = waiting.iter().filter(|(id, _)| offered(id)).map(|(_, it)| it.enqueued_ms).max();
            let left = waiting.iter().filter(|(id, _)| !offered(id)).map(|(_, it)| it.enqueued_ms).min();
            prop_assert!(latest.zip(left).is_none_or(|(latest, left)| latest <= left));
        }
    }
}
