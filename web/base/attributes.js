// Contact attributes, the hand-off packet among them, as a list that a person can read.

import { element } from "./dom.js";

/** What a person wants to know first; what is for the flow comes last. */
const FIRST = ["escalationSummary", "escalationReason", "description"];
export const LAST = ["escalationLanguage", "language", "functionName", "actionGroup"];

/** What the agents did before, without the hand-off itself. */
export const triedBefore = ({ escalationTried = "", functionName } = /** @type {Record<string, string>} */ ({})) =>
  escalationTried.split("; ").filter((one) => one && one.split(": ").at(-1) !== functionName);

/** Whether it is in a brief list: not what is for the flow, nor what says nothing more than another one. */
function tells([key, value], attributes) {
  if (LAST.includes(key)) return false;
  if (key === "description") return value !== attributes.escalationSummary;
  return key !== "escalationTried" || triedBefore(attributes).length > 0;
}

/**
 * @param {Record<string, string>} attributes
 * @param {(key: string) => string} say
 * @param {string} none the text for when there are none
 * @param {{ brief?: boolean }} [options] `brief` leaves out what a glance does not need
 */
export function attributeList(attributes, say, none, { brief = false } = {}) {
  const entries = Object.entries(attributes ?? {})
    .filter((one) => !brief || tells(one, attributes))
    .sort(([one], [other]) => rank(one) - rank(other));
  if (entries.length === 0) return element("p", { class: "quiet-text" }, say(none));
  return element(
    "dl",
    { class: "attributes" },
    ...entries.map(([key, value]) =>
      element("div", {}, element("dt", { title: key }, label(key, say)), element("dd", {}, ...(brief && key === "escalationTried" ? [triedBefore(attributes).join("; ")] : readableValue(key, value, say)))),
    ),
  );
}

function rank(key) {
  if (FIRST.includes(key)) return FIRST.indexOf(key) - FIRST.length;
  return LAST.includes(key) ? LAST.indexOf(key) + 1 : 0;
}

/** The hand-off's own attributes have words in the page's language; a bot's own are shown by their names. */
function label(key, say) {
  const words = say(`attribute.${key}`);
  return words.startsWith("attribute.") ? readable(key) : words;
}

/** `identity_document_number` and `handoffReason` as words. */
export function readable(key) {
  const words = key
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** An attribute is a text; a list or an object in JSON is shown as its parts. */
function readableValue(key, value, say) {
  if (key === "escalationReason") {
    const words = say(`reason.${value}`);
    return [words.startsWith("reason.") ? readable(value) : words];
  }
  if (key === "customerVerified" && ["true", "false"].includes(value)) return [say(`attribute.customerVerified-${value}`)];
  /** @type {any} */
  let parsed = null;
  if (/^\s*[[{]/.test(value)) {
    try {
      parsed = JSON.parse(value);
    } catch {
      // Not JSON after all: shown as it is.
    }
  }
  if (Array.isArray(parsed)) return [element("ul", {}, ...parsed.map((one) => element("li", {}, plain(one))))];
  if (parsed) return [element("ul", {}, ...Object.entries(parsed).map(([key, one]) => element("li", {}, `${readable(key)}: ${plain(one)}`)))];
  return [value];
}

function plain(value) {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
