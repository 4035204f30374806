// One contact in the desk's list: who it is, since when, to whom it is offered, and what can be done with it.

import { attributeList } from "../base/attributes.js";
import { element, setText } from "../base/dom.js";
import { duration } from "../base/format.js";

/** The row of a contact, for the agent `me`; `mine`: they have it. */
export function contactRow(contact, say, { me, mine, onAccept, onReject, onOpen }) {
  const name = contact.customerDisplayName;
  const queued = contact.state === "QUEUED";
  const offered = queued && contact.offer?.agent === me;
  const button = (what, onclick, kind = "") => element("button", { type: "button", class: `${kind}small`, "aria-label": say(`desk.${what}-who`, { name }), onclick }, say(`desk.${what}`));
  const row = element(
    "li",
    { class: `contact ${contact.state.toLowerCase()}${offered ? " offered" : ""}` },
    element("span", { class: "who" }, element("strong", { title: name }, name), element("span", { class: "quiet-text when" }), element("span", { class: "quiet-text queue-name" }, contact.queue)),
  );
  if (queued) {
    row.append(button("accept", onAccept, "primary "));
    if (offered) row.append(button("reject", onReject));
    row.append(element("span", { class: "offer quiet-text" }), attributeList(contact.attributes, say, "desk.packet-empty", { brief: true }));
  } else if (mine) {
    row.append(button("open", onOpen));
  }
  return row;
}

/** Says in a row how long it is by now, `passed` milliseconds after the contact was read. No contact: it is over. */
export function drawTimes(row, contact, say, { me, mine, passed }) {
  const when = row.querySelector(".when");
  if (!contact) return setText(when, say("desk.closed"));
  if (contact.state === "QUEUED") setText(when, say("desk.waits", { time: duration(contact.waitingMs + passed) }));
  else {
    // One's own are known by their button.
    const who = mine ? "" : `${say("desk.with", { name: contact.agentDisplayName ?? "?" })}, `;
    setText(when, who + say("desk.waited", { time: duration(contact.waitingMs) }));
  }
  const offer = row.querySelector(".offer");
  if (offer) setText(offer, offerOf(contact, say, me));
}

function offerOf({ offer, meantFor, passed }, say, me) {
  if (offer) {
    const seconds = Math.max(0, Math.ceil((offer.untilMs - Date.now()) / 1000));
    return offer.agent === me ? say("offer.you", { seconds }) : say("offer.other", { name: offer.agent, seconds });
  }
  if (meantFor) return say("offer.meant", { name: meantFor });
  return passed?.length ? say("offer.passed", { names: passed.map((one) => one.agent).join(", ") }) : "";
}
