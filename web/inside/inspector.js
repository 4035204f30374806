// What happens inside one contact: the way through the flow, the agents' work in words, attributes, participants.

import * as api from "../base/api.js";
import { attributeList } from "../base/attributes.js";
import { byId, element, reconcile, setText } from "../base/dom.js";
import { clock } from "../base/format.js";
import { translator } from "../base/i18n.js";
import { inWords } from "./trace-words.js";

const STAGES = ["FLOW", "QUEUED", "ACTIVE", "ENDED"];
const NEAR_PX = 60;

/** The inspector in the page. */
export class Inspector {
  /** @param {{ language: string, refresh: () => void }} options */
  constructor({ language, refresh }) {
    this.language = language;
    /** @type {string | null} */
    this.contactId = null;
    this.contacts = [];
    /** @type {any} */
    this.contact = null;
    byId("inside-contact").addEventListener("change", (event) => {
      this.show(event.target.value);
      refresh();
    });
    byId("inside-detail").addEventListener("change", () => this.draw());
    this.draw();
  }

  setLanguage(language) {
    this.language = language;
    this.draw();
  }

  /** Turns to a contact. */
  show(contactId) {
    if (this.contactId === contactId) return;
    this.contactId = contactId;
    this.contact = null;
  }

  /** Reads everything anew. */
  async read() {
    const { contacts } = await api.inspectorContacts();
    this.contacts = contacts;
    // A contact of an earlier state on disk may be gone; and who never chose one sees the newest.
    if (!contacts.some((one) => one.contactId === this.contactId)) this.show(contacts[0]?.contactId ?? null);
    const wanted = this.contactId;
    const contact = wanted === null ? null : await api.inspectorContact(wanted);
    if (wanted !== this.contactId) return;
    this.contact = contact;
    this.draw();
  }

  draw() {
    const say = translator(this.language);
    const { contact } = this;
    this.#drawChoice(say);
    byId("inside-none").hidden = this.contacts.length > 0;
    byId("inside-body").hidden = !contact;
    if (!contact) return;
    this.#drawStages(contact, say);
    this.#drawFlow(contact, say);
    this.#drawAgents(contact, say);
    const attributes = attributeList(contact.attributes, say, "inside.attributes-none");
    const place = byId("inside-attributes");
    if (place.firstElementChild?.textContent !== attributes.textContent) place.replaceChildren(attributes);
    this.#drawParticipants(contact, say);
  }

  #drawChoice(say) {
    const select = byId("inside-contact");
    reconcile(
      select,
      this.contacts,
      (one) => one.contactId,
      (one) => element("option", { value: one.contactId }),
      (made, one) => setText(made, `${one.customerDisplayName}, ${clock(one.startedAtMs, this.language, true)} (${say(`stage.${one.state}`)})`),
    );
    if (this.contactId) select.value = this.contactId;
    byId("inside-choice").hidden = this.contacts.length === 0;
  }

  #drawStages(contact, say) {
    const person = (contact.participants ?? []).some((one) => one.role === "AGENT");
    const queued = person || (contact.path ?? []).some((step) => step.actionType === "TransferContactToQueue");
    const passed = { FLOW: true, QUEUED: queued, ACTIVE: person, ENDED: false };
    const stages = STAGES.map((stage) => {
      const now = stage === contact.state;
      const made = element("li", { class: now ? "now" : passed[stage] ? "past" : "" }, say(`stage.${stage}`));
      if (now) made.setAttribute("aria-current", "step");
      return made;
    });
    byId("inside-stages").replaceChildren(...stages);
    const reason = byId("inside-reason");
    reason.hidden = !contact.disconnectReason;
    setText(reason, contact.disconnectReason ? say("inside.ended-because", { reason: contact.disconnectReason }) : "");
  }

  #drawFlow(contact, say) {
    const list = byId("inside-flow");
    const path = contact.path ?? [];
    setText(byId("inside-flow-name"), contact.flow ?? "");
    byId("inside-flow-none").hidden = path.length > 0;
    keepReading(list, () =>
      reconcile(
        list,
        path.map((step, index) => ({ ...step, index })),
        (step) => `${contact.contactId} ${step.index} ${step.identifier} ${this.language}`,
        (step) => {
          const known = say(`action.${step.actionType}`);
          return element(
            "li",
            {},
            element("time", {}, clock(step.atMs, this.language, true)),
            element(
              "span",
              {},
              element("strong", {}, step.identifier),
              " ",
              known.startsWith("action.") ? "" : known,
              " ",
              element("code", {}, step.actionType),
              element("span", { class: "outcome" }),
            ),
          );
        },
        (made, step) => {
          const here = !step.outcome && contact.state !== "ENDED";
          made.classList.toggle("now", here);
          const outcome = step.outcome ? `→ ${say(`outcome.${step.outcome}`).replace(/^outcome\./, "")}` : here ? say("inside.here") : "";
          setText(made.querySelector(".outcome"), outcome);
        },
      ),
    );
  }

  #drawAgents(contact, say) {
    const list = byId("inside-agents");
    const detail = byId("inside-detail").checked;
    const traces = (contact.traces ?? [])
      .map(({ atMs, trace }, index) => ({ atMs, trace, index, words: inWords(trace, say) }))
      .filter(({ words }) => detail || !words.minor);
    byId("inside-agents-none").hidden = (contact.traces ?? []).length > 0;
    keepReading(list, () =>
      reconcile(
        list,
        traces,
        ({ atMs, index }) => `${contact.contactId} ${index} ${atMs} ${this.language}`,
        ({ atMs, trace, words }) =>
          element(
            "li",
            { class: words.kind },
            element("time", {}, clock(atMs, this.language, true)),
            element(
              "div",
              {},
              element("p", {}, element("strong", {}, words.who), " ", words.text),
              element(
                "details",
                {},
                element("summary", {}, say("inside.raw")),
                element("pre", { tabindex: "0" }, JSON.stringify(trace, null, 2)),
              ),
            ),
          ),
      ),
    );
  }

  #drawParticipants(contact, say) {
    const participants = contact.participants ?? [];
    byId("inside-participants-none").hidden = participants.length > 0;
    byId("inside-participants").replaceChildren(
      ...participants.map((one) =>
        element(
          "li",
          { class: one.present ? "present" : "gone" },
          element("strong", {}, one.displayName),
          " ",
          element("span", { class: "badge" }, say(`role.${one.role}`)),
          " ",
          element("span", { class: "quiet-text" }, say(one.present ? "inside.present" : "inside.gone")),
        ),
      ),
    );
  }
}

/** Changes a scrolling list; who was reading its end still does. */
function keepReading(list, change) {
  const reading = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
  change();
  if (reading) list.scrollTop = list.scrollHeight;
}
