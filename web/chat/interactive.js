// Interactive messages: what the customer may choose from, and what choosing says. The templates are Connect's (ListPicker,
// Panel, QuickReply, Carousel, TimePicker); a choice is said as Connect's own chat client says it: the words of the choice, a
// time as it was offered, out of a carousel with the card it stood on.

import { element } from "../base/dom.js";
import { regional } from "../base/i18n.js";
import { markdown } from "./markdown.js";

export const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";
export const RESPONSE = `${INTERACTIVE}.response`;

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Say */
/** @typedef {(text: string) => void} Choose */

/**
 * @param {string} content the message's JSON
 * @param {{ say: Say, language: string, choose?: Choose }} options without `choose` it can only be looked at
 * @returns {HTMLElement | null} `null` when it is none of the templates
 */
export function interactive(content, { say, language, choose }) {
  const message = parsed(content);
  const data = message?.data?.content;
  if (!data || typeof data !== "object") return null;
  const make = TEMPLATES[message.templateType];
  if (!make) return null;
  const made = element("div", { class: `choices of-${message.templateType.toLowerCase()}` });
  make(made, data, { say, language, choose, within: "" });
  const reply = message.data.replyMessage;
  if (reply?.title) made.dataset.reply = String(reply.title);
  return made;
}

/**
 * What somebody chose, in words: the content of a `.response`, or the JSON that a carousel's choice is.
 * @param {string} content
 * @returns {string | null} `null` when it is no choice
 */
export function chosen(content) {
  if (!content.startsWith("{")) return null;
  const value = parsed(content);
  if (!value) return null;
  if (typeof value.listTitle === "string" && typeof value.selectionText === "string") return `${value.listTitle} – ${value.selectionText}`;
  const data = value.data && typeof value.data === "object" ? value.data : value;
  for (const key of ["selectionText", "title", "selectedValue", "text", "action"]) if (typeof data[key] === "string") return data[key];
  return null;
}

/** @type {Record<string, (into: HTMLElement, data: any, how: { say: Say, language: string, choose?: Choose, within: string }) => void>} */
const TEMPLATES = {
  ListPicker: picker,
  Panel: picker,
  QuickReply(into, { title, subtitle, elements }, { say, choose }) {
    heading(into, { title, subtitle });
    into.append(options(elements, say, choose, "quick"));
  },
  Carousel(into, { title, elements }, { say, language, choose }) {
    heading(into, { title });
    const cards = many(elements).map((card, index) => {
      const made = element("li", { class: "choice-card" });
      const identifier = String(card?.templateIdentifier ?? index);
      const pick = choose && ((/** @type {string} */ selectionText) =>
        choose(JSON.stringify({ listTitle: words(card?.data?.content?.title), selectionText, templateIdentifier: identifier })));
      TEMPLATES[card?.templateType]?.(made, card?.data?.content ?? {}, { say, language, choose: pick, within: identifier });
      return made;
    });
    into.append(element("ul", { class: "carousel", tabindex: "0", "aria-label": words(title) || say("choice.cards") }, ...cards));
  },
  TimePicker(into, { title, subtitle, location, timeZoneOffset, timeslots }, { say, language, choose }) {
    heading(into, { title, subtitle: [words(subtitle), words(location?.title)].filter(Boolean).join("\n") });
    const days = Map.groupBy(slots(timeslots, timeZoneOffset, language), (slot) => slot.day);
    for (const [day, own] of days) {
      into.append(
        element("p", { class: "choice-day" }, day),
        element("div", { class: "options quick", role: "group", "aria-label": day }, ...own.map(({ time, date }) => option(time, () => choose?.(date), !choose))),
      );
    }
    if (days.size === 0) into.append(element("p", { class: "quiet-text" }, say("choice.no-times")));
  },
};

/**
 * @param {HTMLElement} into
 * @param {any} data
 * @param {{ say: Say, choose?: Choose }} how
 */
function picker(into, { title, subtitle, imageData, imageDescription, elements }, { say, choose }) {
  into.append(...image(imageData, imageDescription));
  heading(into, { title, subtitle });
  into.append(options(elements, say, choose, "list"));
}

/**
 * @param {any} elements
 * @param {Say} say
 * @param {Choose | undefined} choose
 * @param {string} look
 */
function options(elements, say, choose, look) {
  const made = many(elements).map((one) => {
    const title = words(one?.title);
    if (!title) return null;
    const button = option(title, () => choose?.(title), !choose);
    const subtitle = words(one.subtitle);
    if (subtitle) button.append(element("span", { class: "quiet-text" }, subtitle));
    button.prepend(...image(one.imageData, one.imageDescription));
    return button;
  });
  return element("div", { class: `options ${look}`, role: "group", "aria-label": say("choice.options") }, ...made);
}

/**
 * @param {string} title
 * @param {() => void} onclick
 * @param {boolean} disabled
 */
const option = (title, onclick, disabled) => element("button", { type: "button", class: "option", onclick, disabled }, element("span", { class: "option-title" }, title));

/**
 * @param {HTMLElement} into
 * @param {{ title?: unknown, subtitle?: unknown }} head
 */
function heading(into, { title, subtitle }) {
  if (words(title)) into.append(element("div", { class: "choice-title" }, markdown(words(title))));
  if (words(subtitle)) into.append(element("div", { class: "choice-subtitle" }, markdown(words(subtitle))));
}

/**
 * A picture from the web; where the page's policy allows none, there is none.
 * @param {unknown} url
 * @param {unknown} description
 */
function image(url, description) {
  if (typeof url !== "string" || !/^https:\/\//i.test(url)) return [];
  const made = element("img", { src: url, alt: words(description), loading: "lazy", referrerpolicy: "no-referrer" });
  made.addEventListener("error", () => made.remove());
  return [made];
}

/**
 * @param {any} timeslots
 * @param {any} offset minutes from UTC at the place of the appointment; none means the customer's own time
 * @param {string} language
 */
function slots(timeslots, offset, language) {
  const minutes = Number(offset);
  const shift = offset === undefined || offset === null || Number.isNaN(minutes) ? null : minutes * 60_000;
  const zone = shift === null ? {} : { timeZone: "UTC" };
  const day = new Intl.DateTimeFormat(regional(language), { weekday: "long", day: "numeric", month: "long", ...zone });
  const time = new Intl.DateTimeFormat(regional(language), { hour: "2-digit", minute: "2-digit", ...zone });
  return many(timeslots).flatMap((slot) => {
    const at = Date.parse(String(slot?.date));
    if (Number.isNaN(at)) return [];
    const shown = new Date(at + (shift ?? 0));
    return [{ at, date: String(slot.date), day: day.format(shown), time: time.format(shown) }];
  }).sort((one, other) => one.at - other.at);
}

/** @param {any} list */
const many = (list) => (Array.isArray(list) ? list.slice(0, 50) : []);

/** @param {unknown} value */
const words = (value) => (typeof value === "string" ? value : "");

/** @param {string} text */
function parsed(text) {
  try {
    const value = JSON.parse(text);
    return value && typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
