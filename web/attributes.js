// Contact attributes, the hand-off packet among them, as a list that a person can read.

import { element } from "./dom.js";

/**
 * @param {Record<string, string>} attributes
 * @param {string} none what to say when there are none
 */
export function attributeList(attributes, none) {
  const entries = Object.entries(attributes ?? {});
  if (entries.length === 0) return element("p", { class: "quiet-text" }, none);
  return element(
    "dl",
    { class: "attributes" },
    ...entries.map(([key, value]) =>
      element("div", {}, element("dt", { title: key }, readable(key)), element("dd", {}, ...readableValue(value))),
    ),
  );
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
function readableValue(value) {
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
