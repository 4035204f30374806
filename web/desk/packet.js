// The hand-off on one card: why, what it is about, what was tried, whether the customer is known to be who they say, and the rest.

import { attributeList, LAST, readable, triedBefore } from "../base/attributes.js";
import { element } from "../base/dom.js";
import { nameOf } from "../base/i18n.js";

/** Shown by themselves, above the list. */
const OWN = ["escalationReason", "escalationSummary", "escalationTried", "escalationLanguage", "verified", "customerVerified", "authenticated"];

/**
 * @param {any} contact as the desk's API has it
 * @param {(key: string, values?: Record<string, string | number>) => string} say
 */
export function packetCard(contact, say) {
  const { attributes = {}, transfers = [] } = contact;
  const reason = attributes.escalationReason;
  const tried = triedBefore(attributes);
  const rest = Object.entries(attributes).filter(([key]) => !OWN.includes(key));
  const part = (/** @type {boolean} */ last) => Object.fromEntries(rest.filter(([key]) => LAST.includes(key) === last));
  const list = (/** @type {boolean} */ last) => (Object.keys(part(last)).length > 0 ? attributeList(part(last), say, "desk.packet-empty") : null);
  const flow = list(true);
  return element(
    "div",
    { class: "packet-body" },
    element(
      "p",
      { class: "row" },
      reason ? element("span", { class: "chip person" }, known(say, `reason.${reason}`, reason)) : null,
      verifiedChip(attributes, say),
      attributes.escalationLanguage ? element("span", { class: "chip", title: say("attribute.escalationLanguage") }, nameOf(attributes.escalationLanguage)) : null,
    ),
    attributes.escalationSummary ? element("blockquote", { title: say("attribute.escalationSummary") }, attributes.escalationSummary.replaceAll(" / ", "\n")) : null,
    tried.length > 0 ? element("p", { class: "tried" }, element("strong", {}, `${say("packet.tried")} `), ...tried.map((one) => element("span", { class: "chip bot" }, one))) : null,
    ...transfers.map((one) =>
      element("p", { class: "passed-on" }, say("packet.transfer", { by: one.by, to: one.to.queue ?? one.to.agent }), one.note ? element("q", {}, one.note) : null),
    ),
    rest.length > 0 ? list(false) : attributeList({}, say, "desk.packet-empty"),
    flow && element("details", {}, element("summary", {}, say("packet.flow")), flow),
  );
}

/** Said only where an attribute says it. */
function verifiedChip(attributes, say) {
  const value = [attributes.customerVerified, attributes.verified, attributes.authenticated].find(Boolean)?.toLowerCase();
  if (["true", "yes", "1"].includes(value)) return element("span", { class: "chip good" }, say("packet.verified"));
  if (["false", "no", "0"].includes(value)) return element("span", { class: "chip warn" }, say("packet.not-verified"));
  return element("span", { class: "chip" }, say("packet.verified-unknown"));
}

function known(say, key, otherwise) {
  const words = say(key);
  return words === key ? readable(otherwise) : words;
}
