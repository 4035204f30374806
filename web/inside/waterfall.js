// A turn as a waterfall: one lane a piece of work, from the first to the last, with milliseconds.

import { element } from "../base/dom.js";

const SVG = "http://www.w3.org/2000/svg";

/** `0.4`, `12`, `1840`: as exact as it is worth. */
export const ms = (us) => (us < 10_000 ? (us / 1000).toFixed(us < 1000 ? 2 : 1) : String(Math.round(us / 1000)));

/**
 * @param {HTMLElement} place
 * @param {import("./spans.js").Span[]} spans
 * @param {number} from when the turn began; 0 where nothing says so
 */
export function drawWaterfall(place, spans, from, say) {
  if (spans.length === 0) {
    place.replaceChildren(element("p", { class: "quiet-text" }, say("turn.none")));
    return;
  }
  const start = Math.min(from || Infinity, ...spans.map((span) => span.from));
  const end = Math.max(...spans.map((span) => span.to));
  const whole = Math.max(end - start, 1);
  const rows = spans.map(({ kind, name, from: began, to }) =>
    element(
      "tr",
      { class: `of-${kind}` },
      element("th", { scope: "row" }, element("span", { class: "kind" }, say(`span.${kind}`)), element("span", {}, name)),
      element("td", { class: "lane" }, bar((began - start) / whole, (to - began) / whole, kind)),
      element("td", { class: "ms" }, `${ms(to - began)} ms`),
    ),
  );
  place.replaceChildren(element("p", { class: "quiet-text" }, say("turn.total", { ms: ms(whole) })), element("table", {}, element("tbody", {}, ...rows)));
}

function bar(at, length, kind) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", "0 0 1000 10");
  made.setAttribute("preserveAspectRatio", "none");
  made.setAttribute("aria-hidden", "true");
  const rect = document.createElementNS(SVG, "rect");
  const width = Math.max(length * 1000, 4);
  for (const [name, value] of Object.entries({ class: `of-${kind}`, x: Math.min(at * 1000, 1000 - width), width, height: 10 })) rect.setAttribute(name, String(value));
  made.append(rect);
  return made;
}
