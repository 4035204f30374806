//! Where everything stands: actions in layers from the top, their ways between them, a label on its own line of its way.

use super::{
    layers::{Link, layers},
    order::{Item, place},
};

/// What is to be placed.
pub(super) struct Plan<'a> {
    /// Width and height of each action.
    pub(super) sizes: &'a [(f64, f64)],
    /// The ways, with the width of their label; 0 where there is none.
    pub(super) ways: &'a [(usize, usize, f64)],
    pub(super) start: Option<usize>,
}

/// Where it all stands.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The middle of each action.
    pub(super) middles: Vec<(f64, f64)>,
    /// The points of each way, and the middle of its label.
    pub(super) ways: Vec<Route>,
}

/// One way.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    pub(super) points: Vec<(f64, f64)>,
    pub(super) label: Option<(f64, f64)>,
}

const MARGIN: f64 = 24.0;
const LABEL_HEIGHT: f64 = 20.0;
const GAP: f64 = 16.0;
/// The room that a way takes that goes by.
const BY: f64 = 8.0;
/// Ways that begin or end side by side.
const BESIDE: f64 = 18.0;

/// Everything in layers: actions in the even ones, labels and bends between.
struct Chains {
    items: Vec<Item>,
    /// The items that each way goes through, from above.
    through: Vec<Vec<usize>>,
    /// The item that carries its label.
    labels: Vec<Option<usize>>,
    links: Vec<Link>,
}

pub(super) fn layout(plan: &Plan<'_>) -> Layout {
    let pairs: Vec<(usize, usize)> = plan.ways.iter().map(|(from, to, _)| (*from, *to)).collect();
    let (layer, links) = layers(plan.sizes.len(), plan.start, &pairs);
    let mut chains = chains(plan, &layer, &links);
    let count = chains.items.iter().map(|item| item.layer + 1).max().unwrap_or_default();
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, item) in chains.items.iter().enumerate() {
        if let Some(layer) = order.get_mut(item.layer) {
            layer.push(at);
        }
    }
    place(&mut chains.items, &mut order);
    drawn(plan, &chains, &order)
}

fn chains(plan: &Plan<'_>, layer: &[usize], links: &[Link]) -> Chains {
    let layer_of = |place: usize| layer.get(place).copied().unwrap_or_default() * 2;
    let item = |layer, width| Item { layer, width, x: 0.0, above: Vec::new(), below: Vec::new() };
    let mut items: Vec<Item> =
        plan.sizes.iter().enumerate().map(|(at, (width, _))| item(layer_of(at), *width)).collect();
    let (mut through, mut labels) = (vec![Vec::new(); plan.ways.len()], vec![None; plan.ways.len()]);
    let mut links_of_ways = links.iter();
    let mut ordered = Vec::with_capacity(plan.ways.len());
    for (way, (from, to, label_width)) in plan.ways.iter().enumerate() {
        if from == to {
            ordered.push(Link { from: *from, to: *to, back: false });
            continue;
        }
        let Some(link) = links_of_ways.next().copied() else { break };
        ordered.push(link);
        let (above, below) = link.down();
        let (first, last) = (layer_of(above) + 1, layer_of(below).saturating_sub(1));
        // The label stands where the way begins.
        let at_label = if link.back { last } else { first };
        let mut chain = vec![above];
        for layer in first..=last {
            let labelled = layer == at_label && *label_width > 0.0;
            if labelled {
                labels.get_mut(way).map(|label: &mut Option<usize>| label.insert(items.len()));
            }
            chain.push(items.len());
            items.push(item(layer, if labelled { *label_width } else { BY }));
        }
        chain.push(below);
        for pair in chain.windows(2) {
            if let [a, b] = pair {
                // What goes by many layers should be straight.
                let bends = usize::from(*a >= plan.sizes.len()) + usize::from(*b >= plan.sizes.len());
                let weight = [1.0, 3.0, 12.0].get(bends).copied().unwrap_or(1.0);
                if let Some(item) = items.get_mut(*a) {
                    item.below.push((*b, weight));
                }
                if let Some(item) = items.get_mut(*b) {
                    item.above.push((*a, weight));
                }
            }
        }
        if let Some(slot) = through.get_mut(way) {
            *slot = chain;
        }
    }
    Chains { items, through, labels, links: ordered }
}

fn drawn(plan: &Plan<'_>, chains: &Chains, order: &[Vec<usize>]) -> Layout {
    let (mut tops, mut heights, mut y) = (Vec::new(), Vec::new(), MARGIN);
    for layer in order {
        let height = layer
            .iter()
            .map(|at| match plan.sizes.get(*at) {
                Some((_, height)) => *height,
                None if chains.labels.contains(&Some(*at)) => LABEL_HEIGHT,
                None => 4.0,
            })
            .fold(4.0, f64::max);
        tops.push(y);
        heights.push(height);
        y += height + GAP;
    }
    let left = chains.items.iter().map(|item| item.x - item.width / 2.0).fold(f64::INFINITY, f64::min);
    let left = if left.is_finite() { left } else { 0.0 };
    let right = chains.items.iter().map(|item| item.x + item.width / 2.0).fold(left, f64::max);
    let middle = |at: usize| {
        let item = chains.items.get(at);
        let layer = item.map_or(0, |item| item.layer);
        let x = item.map_or(0.0, |item| item.x) - left + MARGIN;
        let top = tops.get(layer).copied().unwrap_or_default();
        (x, top + heights.get(layer).copied().unwrap_or_default() / 2.0)
    };
    let middles: Vec<(f64, f64)> = (0..plan.sizes.len()).map(middle).collect();
    let mut routes: Vec<Route> = Vec::new();
    for (way, chain) in chains.through.iter().enumerate() {
        let label = chains.labels.get(way).copied().flatten().map(middle);
        let Some((_, inner)) = chain.split_first() else {
            let at = plan.ways.get(way).map_or(0, |(from, ..)| *from);
            routes.push(round(middle(at), plan.sizes.get(at).copied().unwrap_or_default()));
            continue;
        };
        let inner = inner.split_last().map_or(inner, |(_, inner)| inner);
        routes.push(Route { points: inner.iter().map(|at| middle(*at)).collect(), label });
    }
    ports(plan, chains, &middles, &mut routes);
    Layout { width: right - left + 2.0 * MARGIN, height: y - GAP + MARGIN, middles, ways: routes }
}

/// A way from an action to itself: round its right side.
fn round((x, y): (f64, f64), (width, height): (f64, f64)) -> Route {
    let right = x + width / 2.0;
    let points = vec![
        (right, y + height / 4.0),
        (right + 20.0, y + height / 4.0),
        (right + 20.0, y - height / 4.0),
        (right, y - height / 4.0),
    ];
    Route { points, label: None }
}

/// Where ways leave and reach an action: side by side, in the order of where they go.
fn ports(plan: &Plan<'_>, chains: &Chains, middles: &[(f64, f64)], routes: &mut [Route]) {
    for (place, ((x, y), (width, height))) in middles.iter().zip(plan.sizes).enumerate() {
        for above in [true, false] {
            let mut ends: Vec<(f64, usize)> = chains
                .links
                .iter()
                .enumerate()
                .filter(|(_, link)| link.from != link.to)
                .filter(|(_, link)| if above { link.down().1 == place } else { link.down().0 == place })
                .filter_map(|(way, _)| {
                    let points = &routes.get(way)?.points;
                    Some(((if above { points.last() } else { points.first() })?.0, way))
                })
                .collect();
            ends.sort_by(|a, b| a.0.total_cmp(&b.0));
            let count = f64::from(u32::try_from(ends.len()).unwrap_or(1));
            let beside = BESIDE.min((width - 24.0) / count.max(1.0));
            let mut at = x - beside * (count - 1.0) / 2.0;
            for (_, way) in ends {
                if let Some(route) = routes.get_mut(way) {
                    let port = (at, if above { y - height / 2.0 } else { y + height / 2.0 });
                    if above { route.points.push(port) } else { route.points.insert(0, port) }
                }
                at += beside;
            }
        }
    }
    for (route, link) in routes.iter_mut().zip(&chains.links) {
        if link.back {
            route.points.reverse();
        }
    }
}
