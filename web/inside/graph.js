// A flow drawn as a graph, from left to right: actions in layers, ways as curves, the path taken lit. Moved and zoomed by
// pointer and by keys. What it shows is also there in words, below it.

import { layout } from "./layout.js";

const SVG = "http://www.w3.org/2000/svg";
export const NODE = { width: 172, height: 46 };
const MARGIN = 24;
/** How much the arrow keys move, as a part of what is in sight. */
const STEP = 0.15;
/** The smallest scale at which names can be read, and the heights that the picture may take, in pixels. */
const [READABLE, LEAST, MOST] = [0.85, 160, 400];

function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** Draws into `place`, and keeps what is in sight over changes of the path. */
export class Graph {
  /** @param {HTMLElement} place @param {HTMLElement} buttons with `data-zoom` */
  constructor(place, buttons) {
    this.place = place;
    this.drawn = "";
    /** @type {any} */
    this.laid = null;
    /** @type {any} */
    this.graph = null;
    this.sight = { x: 0, y: 0, width: 1, height: 1 };
    this.whole = { ...this.sight };
    this.svg = svg("svg", { role: "img" });
    place.append(this.svg);
    place.addEventListener("keydown", (event) => this.#key(event));
    place.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.svg.addEventListener("pointerdown", (event) => this.#grab(event));
    buttons.addEventListener("click", (event) => {
      const zoom = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset.zoom;
      if (zoom === "fit") this.fit();
      else if (zoom) this.#zoom(1 / Number(zoom));
    });
  }

  /**
   * @param {{ start: string, nodes: any[], edges: any[] }} graph
   * @param {any[]} path the steps of the contact
   * @param {{ words: (type: string) => string, summary: string, here: string, ended: boolean }} say
   */
  draw(graph, path, { words, summary, here, ended }) {
    const drawn = JSON.stringify([graph.nodes.length, path, summary, here, ended]);
    if (drawn === this.drawn) return;
    const first = this.drawn === "" || this.graph !== graph;
    if (this.graph !== graph) this.laid = layout(graph, NODE);
    this.graph = graph;
    this.drawn = drawn;
    const passed = new Set(path.map((step) => step.identifier));
    const ways = new Set(path.slice(0, -1).map((step, n) => `${step.identifier}\n${path[n + 1].identifier}`));
    const last = path.at(-1);
    const current = ended || last?.outcome ? null : last?.identifier;
    const { nodes, edges, width, height } = this.laid;
    const lit = (edge) => ways.has(`${edge.from}\n${edge.to}`);
    this.svg.replaceChildren(
      svg("title", {}, summary),
      svg("defs", {}, ...["", "-lit"].map((kind) => svg("marker", { id: `arrow${kind}`, class: `arrow${kind}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, svg("path", { d: "M0 0L8 4L0 8Z" })))),
      ...[...edges].sort((one, other) => Number(lit(one)) - Number(lit(other))).map((edge) => this.#edge(edge, lit(edge))),
      ...nodes.map((node) => this.#node(node, words, passed.has(node.identifier), node.identifier === current, here)),
    );
    this.whole = { x: -MARGIN, y: -MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
    if (first) this.#open(current ?? last?.identifier);
  }

  #edge({ d, kind, labels }, lit) {
    return svg("path", { d, class: `way ${kind}${lit ? " lit" : ""}`, "marker-end": `url(#arrow${lit ? "-lit" : ""})` }, svg("title", {}, labels.join(", ")));
  }

  #node({ x, y, identifier, actionType }, words, passed, current, here) {
    const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
    return svg(
      "g",
      { class: `action${passed ? " lit" : ""}${current ? " now" : ""}`, transform: `translate(${x} ${y})` },
      svg("title", {}, `${identifier}: ${words(actionType)}${current ? `, ${here}` : ""}`),
      svg("rect", { width: NODE.width, height: NODE.height, rx: 9 }),
      svg("text", { x: 12, y: 20, class: "identifier" }, cut(identifier, 22)),
      svg("text", { x: 12, y: 36, class: "type" }, cut(actionType, 26)),
    );
  }

  /** As high as the flow needs, and looking at what is named. */
  #open(around) {
    const scale = Math.min(1, Math.max(READABLE, this.place.getBoundingClientRect().width / this.whole.width));
    this.place.style.height = `${Math.min(MOST, Math.max(LEAST, this.whole.height * scale))}px`;
    this.fit(around);
  }

  /** Everything in sight; of a long flow, as much as can be read around what is named. */
  fit(around) {
    const box = this.place.getBoundingClientRect();
    if (box.width === 0) return;
    const shape = box.width / box.height;
    const { whole } = this;
    let width = Math.max(whole.width, whole.height * shape);
    const readable = box.width / READABLE;
    const node = around && width > readable ? this.laid.nodes.find((one) => one.identifier === around) : null;
    if (node) width = readable;
    const height = width / shape;
    const centre = node ? { x: node.x + NODE.width / 2, y: node.y + NODE.height / 2 } : { x: whole.x + whole.width / 2, y: whole.y + whole.height / 2 };
    // Nothing is looked at where nothing is.
    const within = (at, size, from, all) => (size > all ? from + (all - size) / 2 : Math.min(Math.max(at - size / 2, from), from + all - size));
    this.#see({ x: within(centre.x, width, whole.x, whole.width), y: within(centre.y, height, whole.y, whole.height), width, height });
  }

  #see(sight) {
    this.sight = sight;
    this.svg.setAttribute("viewBox", `${sight.x} ${sight.y} ${sight.width} ${sight.height}`);
  }

  #zoom(factor, at = { x: 0.5, y: 0.5 }) {
    const { x, y, width, height } = this.sight;
    const to = Math.min(Math.max(width * factor, NODE.width), this.whole.width * 4) / width;
    this.#see({ x: x + width * at.x * (1 - to), y: y + height * at.y * (1 - to), width: width * to, height: height * to });
  }

  #move(right, down) {
    const { x, y, width, height } = this.sight;
    this.#see({ x: x + width * right, y: y + height * down, width, height });
  }

  #key(event) {
    const { key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === "ArrowLeft") this.#move(-STEP, 0);
    else if (key === "ArrowRight") this.#move(STEP, 0);
    else if (key === "ArrowUp") this.#move(0, -STEP);
    else if (key === "ArrowDown") this.#move(0, STEP);
    else if (key === "+" || key === "=") this.#zoom(0.8);
    else if (key === "-") this.#zoom(1.25);
    else if (key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  /** The wheel alone scrolls the page; with Ctrl it zooms, as a pinch does. */
  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.place.getBoundingClientRect();
    this.#zoom(Math.exp(event.deltaY / 300), { x: (event.clientX - box.x) / box.width, y: (event.clientY - box.y) / box.height });
  }

  #grab(event) {
    const from = { x: event.clientX, y: event.clientY, sight: this.sight };
    const scale = this.sight.width / this.place.getBoundingClientRect().width;
    const move = (now) => this.#see({ ...from.sight, x: from.sight.x - (now.clientX - from.x) * scale, y: from.sight.y - (now.clientY - from.y) * scale });
    const drop = () => this.svg.removeEventListener("pointermove", move);
    this.svg.setPointerCapture(event.pointerId);
    this.svg.addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) this.svg.addEventListener(end, drop, { once: true });
  }
}
