// What is asked before a contact is ended or passed on.

import { readable } from "../base/attributes.js";
import { element } from "../base/dom.js";

/** An outcome in words; a bot's own ones stand as they are. */
export function outcomeName(code, say) {
  const words = say(`outcome-of.${code}`);
  return words.startsWith("outcome-of.") ? readable(code) : words;
}

/** @param {string[]} outcomes */
export function outcomeFields(outcomes, say, id) {
  return [
    element(
      "p",
      { class: "field" },
      element("label", { for: `${id}-outcome` }, say("end.outcome")),
      element("select", { id: `${id}-outcome`, name: "outcome" }, ...outcomes.map((one) => element("option", { value: one }, outcomeName(one, say)))),
    ),
    element("p", { class: "field" }, element("label", { for: `${id}-note` }, say("end.note")), element("textarea", { id: `${id}-note`, name: "note", rows: "2", maxlength: "1000" })),
  ];
}

/**
 * Asks how the contact came out.
 * @returns {Promise<{ outcome: string, note: string } | null>}
 */
export function askOutcome(outcomes, say) {
  return ask("end", say("end.question"), say("chat.end-explained"), outcomeFields(outcomes, say, "end"), { yes: say("end.yes"), no: say("dialog.no"), danger: true });
}

/**
 * Asks where to.
 * @returns {Promise<{ to: string, note: string } | null>} `queue:…` or `agent:…`
 */
export function askTransfer({ queues, agents }, say) {
  const option = (kind, name, extra = "") => element("option", { value: `${kind}:${name}` }, name + extra);
  const group = (label, options) => (options.length > 0 ? element("optgroup", { label }, ...options) : null);
  const fields = [
    element(
      "p",
      { class: "field" },
      element("label", { for: "transfer-to" }, say("transfer.to")),
      element(
        "select",
        { id: "transfer-to", name: "to" },
        group(say("transfer.queues"), queues.map((one) => option("queue", one.name))),
        group(say("transfer.agents"), agents.map((one) => option("agent", one.name, ` (${say(`status.${one.status}`)})`))),
      ),
    ),
    element("p", { class: "field" }, element("label", { for: "transfer-note" }, say("transfer.note")), element("textarea", { id: "transfer-note", name: "note", rows: "2", maxlength: "1000" })),
  ];
  return ask("transfer", say("transfer.title"), say("transfer.explained"), fields, { yes: say("transfer.yes"), no: say("transfer.no") });
}

/**
 * Asks which queues an agent serves.
 * @param {{ id: string, name: string }[]} queues
 * @param {string[]} served ids; none: all of them
 * @returns {Promise<string[] | null>} the ids of at least one
 */
export async function askQueues(queues, served, say) {
  const boxes = queues.map(({ id, name }) => {
    const box = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", name: id, checked: served.length === 0 || served.includes(id) }));
    return { box, row: element("label", { class: "check" }, box, element("span", {}, name)) };
  });
  const [first] = boxes;
  const check = () => first.box.setCustomValidity(boxes.some(({ box }) => box.checked) ? "" : say("queues.none"));
  const list = element("div", { class: "choices", role: "group", "aria-labelledby": "queues-title", onchange: check }, ...boxes.map(({ row }) => row));
  const answer = await ask("queues", say("queues.title"), say("queues.explained"), [list], { yes: say("queues.yes"), no: say("transfer.no") });
  return answer && Object.keys(answer);
}

function ask(id, title, text, fields, { yes, no, danger = false }) {
  const form = /** @type {HTMLFormElement} */ (
    element(
      "form",
      { method: "dialog" },
      element("h2", { id: `${id}-title` }, title),
      element("p", { id: `${id}-text` }, text),
      ...fields,
      element("p", { class: "buttons end" }, element("button", { value: "no", formnovalidate: true }, no), element("button", { value: "yes", class: danger ? "danger" : "primary" }, yes)),
    )
  );
  const dialog = /** @type {HTMLDialogElement} */ (element("dialog", { "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-text` }, form));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const values = /** @type {any} */ (Object.fromEntries(new FormData(form)));
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? values : null);
    });
  });
}
