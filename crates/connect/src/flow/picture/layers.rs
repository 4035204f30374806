//! Which layer an action stands in: each below those that lead to it, ways back left out.

/// A way as the layout needs it: the places of its ends, and which of them is above.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// It leads back up: `to` is above `from`.
    pub(super) back: bool,
}

impl Link {
    /// The end that is above, and the one below.
    pub(super) fn down(self) -> (usize, usize) {
        if self.back { (self.to, self.from) } else { (self.from, self.to) }
    }
}

/// The layer of each place, and the ways with those marked that lead back. A way from a place to itself is not among them.
pub(super) fn layers(count: usize, start: Option<usize>, ways: &[(usize, usize)]) -> (Vec<usize>, Vec<Link>) {
    let links = marked(count, start, ways);
    let mut layer = vec![0_usize; count];
    // Longest way from above: as often as there are places it can grow, and then it stands.
    for _ in 0..count {
        let mut grown = false;
        for link in &links {
            let (above, below) = link.down();
            let least = layer.get(above).copied().unwrap_or_default() + 1;
            if let Some(own) = layer.get_mut(below).filter(|own| **own < least) {
                *own = least;
                grown = true;
            }
        }
        if !grown {
            break;
        }
    }
    // What nothing leads to stands right above what it leads to.
    for place in 0..count {
        let led_to = links.iter().any(|link| link.down().1 == place);
        let below =
            links.iter().filter(|link| link.down().0 == place).filter_map(|link| layer.get(link.down().1)).min();
        if let (false, Some(below), true) = (led_to, below.copied(), Some(place) != start)
            && let Some(own) = layer.get_mut(place)
        {
            *own = below.saturating_sub(1);
        }
    }
    (layer, links)
}

/// Goes through depth first; a way to a place that is still being gone through leads back.
fn marked(count: usize, start: Option<usize>, ways: &[(usize, usize)]) -> Vec<Link> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        Open,
        Done,
    }
    let mut seen = vec![Seen::Not; count];
    let mut links: Vec<Option<Link>> = vec![None; ways.len()];
    let next_of = |place: usize, after: usize| {
        ways.iter().enumerate().skip(after).find(|(_, (from, to))| *from == place && from != to)
    };
    for root in start.into_iter().chain(0..count) {
        if seen.get(root) != Some(&Seen::Not) {
            continue;
        }
        let mut stack = vec![(root, 0_usize)];
        if let Some(state) = seen.get_mut(root) {
            *state = Seen::Open;
        }
        while let Some((place, after)) = stack.pop() {
            let Some((at, (from, to))) = next_of(place, after) else {
                if let Some(state) = seen.get_mut(place) {
                    *state = Seen::Done;
                }
                continue;
            };
            stack.push((place, at + 1));
            let state = seen.get(*to).copied().unwrap_or(Seen::Done);
            if let Some(link) = links.get_mut(at) {
                *link = Some(Link { from: *from, to: *to, back: state == Seen::Open });
            }
            if state == Seen::Not {
                if let Some(state) = seen.get_mut(*to) {
                    *state = Seen::Open;
                }
                stack.push((*to, 0));
            }
        }
    }
    links.into_iter().flatten().collect()
}
