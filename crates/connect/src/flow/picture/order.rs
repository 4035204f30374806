//! The order within the layers, and the places along them: few crossings, short and straight ways.

/// Something in a layer.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) layer: usize,
    pub(super) width: f64,
    /// Its middle, along the layer.
    pub(super) x: f64,
    /// Items of the layer above and the one below that it is joined to, with how much it wants to stand below them.
    pub(super) above: Vec<(usize, f64)>,
    pub(super) below: Vec<(usize, f64)>,
}

/// The room between two items of a layer.
const ROOM: f64 = 26.0;
const SWEEPS: usize = 24;
const PASSES: usize = 64;
/// So many of them look one way only: they spread the layers, the others straighten the ways.
const ONE_WAY: usize = 10;

/// Orders the layers and gives every item its place.
pub(super) fn place(items: &mut [Item], layers: &mut [Vec<usize>]) {
    let mut best = layers.to_vec();
    let mut fewest = crossings(items, layers);
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        for step in 0..layers.len() {
            let at = if down { step } else { layers.len() - 1 - step };
            let positions = positions(items.len(), layers);
            if let Some(layer) = layers.get_mut(at) {
                sort(items, layer, &positions, down);
            }
        }
        let now = crossings(items, layers);
        if now < fewest {
            fewest = now;
            best = layers.to_vec();
        }
    }
    layers.clone_from_slice(&best);
    for layer in &*layers {
        let mut x = 0.0;
        for at in layer {
            if let Some(item) = items.get_mut(*at) {
                x += item.width / 2.0;
                item.x = x;
                x += item.width / 2.0 + ROOM;
            }
        }
    }
    for pass in 0..PASSES {
        let down = pass % 2 == 0;
        for step in 0..layers.len() {
            let at = if down { step } else { layers.len() - 1 - step };
            if let Some(layer) = layers.get(at) {
                settle(items, layer, down, pass >= ONE_WAY);
            }
        }
    }
}

/// The place of each item in its layer.
fn positions(count: usize, layers: &[Vec<usize>]) -> Vec<f64> {
    let mut positions = vec![0.0; count];
    for layer in layers {
        let mut next = 0.0;
        for at in layer {
            if let Some(position) = positions.get_mut(*at) {
                *position = next;
                next += 1.0;
            }
        }
    }
    positions
}

fn mean(joined: &[(usize, f64)], of: impl Fn(usize) -> f64) -> Option<f64> {
    let weight: f64 = joined.iter().map(|(_, weight)| weight).sum();
    (weight > 0.0).then(|| joined.iter().map(|(at, weight)| of(*at) * weight).sum::<f64>() / weight)
}

fn sort(items: &[Item], layer: &mut [usize], positions: &[f64], down: bool) {
    let position = |at: usize| positions.get(at).copied().unwrap_or_default();
    let mut keyed: Vec<(f64, usize)> = layer
        .iter()
        .map(|at| {
            let joined = items.get(*at).map(|item| if down { &item.above } else { &item.below });
            (joined.and_then(|joined| mean(joined, position)).unwrap_or_else(|| position(*at)), *at)
        })
        .collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (slot, (_, at)) in layer.iter_mut().zip(keyed) {
        *slot = at;
    }
}

fn crossings(items: &[Item], layers: &[Vec<usize>]) -> usize {
    let positions = positions(items.len(), layers);
    let position = |at: usize| positions.get(at).copied().unwrap_or_default();
    let mut count = 0;
    for layer in layers {
        let lines: Vec<(f64, f64)> = layer
            .iter()
            .filter_map(|at| Some((*at, items.get(*at)?)))
            .flat_map(|(at, item)| item.below.iter().map(move |(to, _)| (at, *to)))
            .map(|(from, to)| (position(from), position(to)))
            .collect();
        for (at, (from, to)) in lines.iter().enumerate() {
            count += lines.iter().skip(at + 1).filter(|(f, t)| (f - from) * (t - to) < 0.0).count();
        }
    }
    count
}

/// Moves the items of a layer to where they want to be, in their order and with room between them: the places that are
/// together the nearest to the wishes (isotonic regression by pools of neighbours).
fn settle(items: &mut [Item], layer: &[usize], down: bool, both: bool) {
    struct Pool {
        sum: f64,
        weight: f64,
        count: usize,
    }
    let (mut offsets, mut offset, mut before) = (Vec::new(), 0.0, 0.0);
    let mut pools: Vec<Pool> = Vec::new();
    for at in layer {
        let Some(item) = items.get(*at) else { continue };
        if !offsets.is_empty() {
            offset += f64::midpoint(before, item.width) + ROOM;
        }
        before = item.width;
        offsets.push(offset);
        let x = |at: usize| items.get(at).map_or(0.0, |item| item.x);
        let joined: Vec<(usize, f64)> = match (both, down) {
            (true, _) => item.above.iter().chain(&item.below).copied().collect(),
            (false, true) => item.above.clone(),
            (false, false) => item.below.clone(),
        };
        let (wish, weight) = match mean(&joined, x) {
            Some(wish) => (wish, joined.iter().map(|(_, weight)| weight).sum::<f64>()),
            None => (item.x, 0.1),
        };
        pools.push(Pool { sum: (wish - offset) * weight, weight, count: 1 });
        while let [.., a, b] = pools.as_slice()
            && a.sum / a.weight > b.sum / b.weight
        {
            let Some(last) = pools.pop() else { break };
            if let Some(own) = pools.last_mut() {
                own.sum += last.sum;
                own.weight += last.weight;
                own.count += last.count;
            }
        }
    }
    let wishes = pools.iter().flat_map(|pool| std::iter::repeat_n(pool.sum / pool.weight, pool.count));
    for ((at, offset), wish) in layer.iter().zip(offsets).zip(wishes) {
        if let Some(item) = items.get_mut(*at) {
            item.x = wish + offset;
        }
    }
}
