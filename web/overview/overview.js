// The figures of all contacts. The server takes them out of what is stored; here they are drawn.

import "./texts.js";
import * as api from "../base/api.js";
import { readable } from "../base/attributes.js";
import { byId, element } from "../base/dom.js";
import { clock } from "../base/format.js";
import { translator } from "../base/i18n.js";
import { outcomeName } from "../desk/dialogs.js";

const SVG = "http://www.w3.org/2000/svg";
const EVERY_MS = 3_000;

export class Overview {
  /** @param {{ language: () => string }} options */
  constructor({ language }) {
    this.language = language;
    this.view = byId("view-overview");
    this.drawn = "";
    /** @type {any} */
    this.figures = null;
    this.readAt = 0;
  }

  /** Only while it is looked at, and not at each word of a lively chat. */
  async read() {
    if (this.view.hidden || Date.now() - this.readAt < EVERY_MS) return;
    this.readAt = Date.now();
    this.figures = await api.overview();
    this.draw();
  }

  draw() {
    const { figures } = this;
    if (!figures) return;
    const language = this.language();
    const drawn = JSON.stringify([{ ...figures, atMs: 0 }, language]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const say = translator(language);
    const known = (prefix) => (key) => {
      const words = say(`${prefix}.${key}`);
      return words === `${prefix}.${key}` ? readable(key) : words;
    };
    if (figures.contacts === 0) {
      this.view.replaceChildren(element("h2", {}, say("overview.title")), nothing(say("overview.none"), say("overview.none-about"), say));
      return;
    }
    const now = Object.values(figures.now).reduce((sum, one) => sum + one, 0);
    this.view.replaceChildren(
      element("h2", {}, say("overview.title")),
      element(
        "div",
        { class: "grid" },
        tile(say("overview.now"), String(now), parts(figures.now, known("stage")) || say("overview.now-none")),
        tile(say("overview.first"), time(figures.firstWords.medianMs), p90(figures.firstWords, say)),
        tile(say("overview.answer"), time(figures.answers.medianMs), p90(figures.answers, say)),
        tile(say("overview.person"), time(figures.toPerson.medianMs), p90(figures.toPerson, say)),
        tile(say("overview.failures"), String(figures.failures), say("overview.failures-of", { count: figures.contacts }), figures.failures > 0 ? "warn" : ""),
        tile(say("overview.after"), String(figures.botAfterHandoff), say(figures.botAfterHandoff === 0 ? "overview.after-none" : "overview.after-some"), figures.botAfterHandoff > 0 ? "danger" : "good"),
      ),
      element(
        "div",
        { class: "charts" },
        chart(say("overview.answered"), { bot: figures.answered.bot, person: figures.answered.person, nobody: figures.answered.nobody }, known("answered"), say),
        chart(say("overview.handoffs"), figures.handoffs, known("reason"), say),
        chart(say("overview.outcomes"), figures.outcomes, (code) => outcomeName(code, say), say),
        chart(say("overview.ends"), figures.ends, known("end-of"), say),
      ),
      hours(figures, language, say),
    );
  }
}

function time(value) {
  if (value === null || value === undefined) return "–";
  if (value < 1_000) return `${value} ms`;
  return value < 60_000 ? `${(value / 1000).toFixed(1)} s` : `${Math.floor(value / 60_000)} min ${Math.round((value % 60_000) / 1000)} s`;
}

const p90 = ({ p90Ms, count }, say) => (count > 0 ? say("overview.p90", { time: time(p90Ms), count }) : say("overview.nothing"));
const parts = (counts, name) => Object.entries(counts).map(([key, count]) => `${name(key)}: ${count}`).join(", ");

function tile(name, value, more, tone = "") {
  return element("section", { class: `tile ${tone}` }, element("h3", { class: "name" }, name), element("p", { class: "value" }, value), element("p", { class: "quiet-text" }, more));
}

/** Bars with their numbers: a table, so that it is read as one. */
function chart(title, counts, name, say) {
  const entries = Object.entries(counts).sort(([, one], [, other]) => other - one);
  const most = Math.max(1, ...entries.map(([, count]) => count));
  const rows = entries.map(([key, count]) =>
    element("tr", { class: key.toLowerCase() }, element("th", { scope: "row" }, name(key)), element("td", { class: "bar-cell" }, bar(count / most)), element("td", { class: "number" }, String(count))),
  );
  const body = entries.some(([, count]) => count > 0) ? element("table", {}, element("tbody", {}, ...rows)) : element("p", { class: "quiet-text" }, say("overview.nothing"));
  return element("section", { class: "panel" }, element("header", { class: "panel-head" }, element("h3", {}, title)), element("div", { class: "panel-body" }, body));
}

/** What stands here while nothing is counted: what there will be, and where to begin. */
function nothing(title, about, say) {
  const picture = svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  picture.append(svg("use", { href: "#icon-overview" }));
  const made = element("div", { class: "empty" }, element("strong", {}, title), element("p", {}, about), element("a", { class: "primary", href: "#/live" }, say("page.begin")));
  made.prepend(picture);
  return made;
}

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

function bar(part) {
  const made = svg("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" });
  made.append(svg("rect", { width: part * 100, height: 8 }));
  return made;
}

const HOUR_MS = 3_600_000;

function hours({ byHour: counts, atMs }, language, say) {
  const most = Math.max(1, ...counts);
  const picture = svg("svg", { viewBox: "0 0 240 60", preserveAspectRatio: "none", role: "img", class: "hours" });
  picture.append(...counts.map((count, n) => svg("rect", { x: n * 10 + 1, y: 60 - (count / most) * 58, width: 8, height: (count / most) * 58 })));
  const ticks = element("p", { class: "ticks", "aria-hidden": "true" }, ...[24, 18, 12, 6, 0].map((ago) => element("span", {}, ago === 0 ? say("overview.hour-now") : clock(atMs - ago * HOUR_MS, language))));
  const label = say("overview.hours-words", { all: counts.reduce((sum, one) => sum + one, 0), most: Math.max(...counts), last: counts.at(-1) ?? 0 });
  picture.setAttribute("aria-label", label);
  return element("section", { class: "panel" }, element("header", { class: "panel-head" }, element("h3", {}, say("overview.hours"))), element("div", { class: "panel-body" }, picture, ticks, element("p", { class: "quiet-text" }, label)));
}
