// Where the actions of a flow stand: layers by the longest way from the start, in each layer an order with few crossings,
// and curves for the ways. Ways that lead back are left out of the layers and drawn below everything.

const GAP = { x: 48, y: 22 };
const SWEEPS = 8;

/**
 * @param {{ start: string, nodes: any[], edges: any[] }} graph
 * @param {{ width: number, height: number }} size of a node
 */
export function layout(graph, size) {
  const ways = joined(graph.edges);
  const back = backward(graph.start, graph.nodes, ways);
  const forward = ways.filter((way) => !back.has(way));
  const layerOf = layers(graph.nodes, forward);
  const { rows, chains } = withBends(graph.nodes, forward, layerOf);
  order(rows, chains);
  const places = placed(rows, chains, size);
  const nodes = graph.nodes.map((node) => ({ ...node, ...places.get(node.identifier) }));
  const bottom = Math.max(...nodes.map((node) => node.y + size.height));
  let below = 0;
  const edges = ways.map((way) => {
    if (back.has(way)) return { ...way, d: around(places.get(way.from), places.get(way.to), size, bottom + 14 * (below += 1)) };
    return { ...way, d: along([way.from, ...(chains.get(way) ?? []), way.to].map((one) => places.get(one)), size) };
  });
  return { nodes, edges, width: Math.max(...nodes.map((node) => node.x + size.width)), height: bottom + 14 * (below + 1) };
}

/** Ways between the same two actions are one curve with several labels. */
function joined(edges) {
  const all = new Map();
  for (const { from, to, label, kind } of edges) {
    const way = all.get(`${from}\n${to}`);
    if (way) {
      way.labels.push(label);
      if (kind !== "error") way.kind = kind;
    } else all.set(`${from}\n${to}`, { from, to, kind, labels: [label] });
  }
  return [...all.values()];
}

/** The ways that close a circle, by a walk from the start. */
function backward(start, nodes, ways) {
  const out = new Map(nodes.map((node) => [node.identifier, []]));
  for (const way of ways) out.get(way.from)?.push(way);
  const back = new Set();
  const state = new Map();
  for (const root of [start, ...out.keys()]) {
    if (state.has(root)) continue;
    const stack = [{ at: root, next: 0 }];
    state.set(root, "open");
    while (stack.length > 0) {
      const top = /** @type {{ at: string, next: number }} */ (stack.at(-1));
      const way = out.get(top.at)?.[top.next];
      top.next += 1;
      if (!way) {
        state.set(top.at, "done");
        stack.pop();
      } else if (state.get(way.to) === "open") back.add(way);
      else if (!state.has(way.to)) {
        state.set(way.to, "open");
        stack.push({ at: way.to, next: 0 });
      }
    }
  }
  return back;
}

function layers(nodes, ways) {
  const into = new Map(nodes.map((node) => [node.identifier, 0]));
  for (const { to } of ways) into.set(to, (into.get(to) ?? 0) + 1);
  const layer = new Map(nodes.map((node) => [node.identifier, 0]));
  const ready = [...into].filter(([, count]) => count === 0).map(([name]) => name);
  while (ready.length > 0) {
    const name = ready.shift();
    for (const { from, to } of ways) {
      if (from !== name) continue;
      layer.set(to, Math.max(layer.get(to) ?? 0, (layer.get(from) ?? 0) + 1));
      into.set(to, (into.get(to) ?? 0) - 1);
      if (into.get(to) === 0) ready.push(to);
    }
  }
  return layer;
}

/** A way over several layers bends in each of them. */
function withBends(nodes, ways, layerOf) {
  /** @type {string[][]} */
  const rows = [];
  const put = (name, layer) => (rows[layer] ??= []).push(name);
  for (const { identifier } of nodes) put(identifier, layerOf.get(identifier));
  const chains = new Map();
  ways.forEach((way, number) => {
    const bends = [];
    for (let layer = layerOf.get(way.from) + 1; layer < layerOf.get(way.to); layer += 1) {
      const name = `\0${number} ${layer}`;
      bends.push(name);
      put(name, layer);
    }
    chains.set(way, bends);
  });
  return { rows, chains };
}

function neighbours(chains) {
  const [before, after] = [new Map(), new Map()];
  const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
  for (const [way, bends] of chains) {
    const line = [way.from, ...bends, way.to];
    for (let n = 1; n < line.length; n += 1) {
      add(before, line[n], line[n - 1]);
      add(after, line[n - 1], line[n]);
    }
  }
  return { before, after };
}

/** Sweeps to and fro, each name to the middle of its neighbours. */
function order(rows, chains) {
  const { before, after } = neighbours(chains);
  const at = new Map();
  const note = () => rows.forEach((row) => row.forEach((name, n) => at.set(name, n)));
  note();
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const near = sweep % 2 === 0 ? before : after;
    for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
      const middle = new Map(row.map((name, n) => [name, mean((near.get(name) ?? []).map((one) => at.get(one))) ?? n]));
      row.sort((one, other) => (middle.get(one) ?? 0) - (middle.get(other) ?? 0));
      row.forEach((name, n) => at.set(name, n));
    }
  }
}

const mean = (all) => (all.length > 0 ? all.reduce((sum, one) => sum + one, 0) / all.length : null);

/** Heights: each as near to the mean of its neighbours as the order and the gaps allow. */
function placed(rows, chains, size) {
  const { before, after } = neighbours(chains);
  const height = (name) => (name.startsWith("\0") ? 8 : size.height);
  const y = new Map();
  for (const row of rows) {
    let next = 0;
    for (const name of row) {
      y.set(name, next);
      next += height(name) + GAP.y;
    }
  }
  const centre = (name) => y.get(name) + height(name) / 2;
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
      const near = sweep % 2 === 0 ? before : after;
      const wanted = row.map((name) => (mean((near.get(name) ?? []).map(centre)) ?? centre(name)) - height(name) / 2);
      let least = -Infinity;
      const down = row.map((name, n) => {
        const now = Math.max(wanted[n], least);
        least = now + height(name) + GAP.y;
        return now;
      });
      let most = Infinity;
      for (let n = row.length - 1; n >= 0; n -= 1) {
        const up = Math.min(wanted[n], most - height(row[n]) - (most === Infinity ? 0 : GAP.y));
        most = up;
        // Half of each: neither what comes first nor what comes last gets all the room.
        y.set(row[n], (down[n] + up) / 2);
      }
    }
  }
  const top = Math.min(...y.values());
  return new Map(rows.flatMap((row, layer) => row.map((name) => [name, { x: layer * (size.width + GAP.x), y: y.get(name) - top, bend: name.startsWith("\0") }])));
}

function along(points, size) {
  const [first, ...rest] = points;
  let [x, y] = [first.x + size.width, first.y + size.height / 2];
  let d = `M${x} ${Math.round(y)}`;
  for (const point of rest) {
    const [toX, toY] = [point.x, Math.round(point.y + (point.bend ? 4 : size.height / 2))];
    const half = (toX - x) / 2;
    d += `C${x + half} ${Math.round(y)} ${toX - half} ${toY} ${toX} ${toY}`;
    if (point.bend) d += `H${toX + size.width}`;
    [x, y] = [point.bend ? toX + size.width : toX, toY];
  }
  return d;
}

function around(from, to, size, low) {
  const [x1, y1, x2, y2] = [from.x + size.width / 2, from.y + size.height, to.x + size.width / 2, to.y + size.height];
  return `M${x1} ${y1}C${x1} ${low + 18} ${x2} ${low + 18} ${x2} ${y2}`;
}
