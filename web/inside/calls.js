// Raw calls and events, to be read and copied.

import { element, reconcile } from "../base/dom.js";
import { clock } from "../base/format.js";
import { boto3, curl } from "./lines.js";
import { ms } from "./waterfall.js";

/**
 * @param {HTMLElement} list
 * @param {any} contact
 * @param {{ events: boolean, language: string, region: string, say: any, copied: () => void }} how
 */
export function drawCalls(list, contact, { events, language, region, say, copied }) {
  const rows = events
    ? (contact.transcript ?? []).map((item) => ({ key: `item ${item.Id}`, item }))
    : [...(contact.calls ?? [])].sort((one, other) => one.atUs - other.atUs).map((call, n) => ({ key: `call ${call.atUs} ${call.operation} ${n}`, call }));
  if (rows.length === 0) {
    list.replaceChildren(element("li", { class: "quiet-text" }, say("calls.none")));
    return;
  }
  reconcile(list, rows, (row) => `${contact.contactId} ${row.key} ${language}`, (row) => (row.item ? event(row.item, language, say, copied) : call(row.call, language, region, say, copied)));
}

function call(one, language, region, say, copied) {
  const copy = (text) => () => copyText(text, copied);
  return element(
    "li",
    { class: one.status >= 400 ? "failed" : "" },
    element(
      "details",
      {},
      element(
        "summary",
        {},
        element("time", {}, clock(one.atUs / 1000, language, true)),
        element("strong", {}, one.operation),
        element("span", { class: `chip ${one.door === "wire" ? "" : "bot"}` }, say(one.door === "wire" ? "calls.wire" : "calls.bot")),
        element("span", { class: "quiet-text" }, one.door === "session" ? one.response?.outcome ?? "" : String(one.status)),
        element("span", { class: "ms" }, `${ms(one.durationUs)} ms`),
      ),
      one.door === "session"
        ? null
        : element(
            "p",
            { class: "buttons" },
            element("button", { type: "button", class: "small", onclick: copy(curl(one, location.origin)) }, say("calls.curl")),
            element("button", { type: "button", class: "small", onclick: copy(boto3(one, location.origin, region)) }, say("calls.boto3")),
          ),
      element("pre", { class: "code", tabindex: "0" }, `${JSON.stringify(one.request, null, 2)}\n\n${JSON.stringify(one.response, null, 2)}`),
    ),
  );
}

function event(item, language, say, copied) {
  const json = JSON.stringify(item, null, 2);
  return element(
    "li",
    {},
    element(
      "details",
      {},
      element(
        "summary",
        {},
        element("time", {}, clock(item.AbsoluteTime, language, true)),
        element("strong", {}, (item.ContentType ?? item.Type).replace("application/vnd.amazonaws.connect.", "")),
        element("span", { class: "quiet-text" }, item.ParticipantRole ?? ""),
      ),
      element("p", { class: "buttons" }, element("button", { type: "button", class: "small", onclick: () => copyText(json, copied) }, say("calls.json"))),
      element("pre", { class: "code", tabindex: "0" }, json),
    ),
  );
}

export async function copyText(text, copied) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the permission: by way of a field.
    const field = /** @type {HTMLTextAreaElement} */ (element("textarea", {}, text));
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  copied();
}
