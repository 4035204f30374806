// What happens inside one contact: the way through the flow, the turn in time, the agents' work, attributes, raw calls.

import "./texts.js";
import * as api from "../base/api.js";
import { attributeList, readable } from "../base/attributes.js";
import { byId, element, reconcile, setText } from "../base/dom.js";
import { clock } from "../base/format.js";
import { translator } from "../base/i18n.js";
import { go, href } from "../base/router.js";
import { counted, drawAgents, tokens } from "./agents.js";
import { copyText, drawCalls } from "./calls.js";
import { Graph } from "./graph.js";
import { Search } from "./search.js";
import { spansOf, turnsOf } from "./spans.js";
import { drawWaterfall } from "./waterfall.js";

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
    /** Whether it is known if there is anything to show. */
    this.known = false;
    /** @type {any} */
    this.contact = null;
    this.graph = new Graph(byId("inside-graph"), byId("graph-buttons"));
    this.search = new Search({ language: () => this.language });
    /** @type {Map<string, any>} */
    this.flows = new Map();
    /** Which turn is shown; -1: the latest. */
    this.turn = -1;
    this.events = false;
    this.region = "us-east-1";
    byId("inside-contact").addEventListener("change", (event) => go("inside", event.target.value));
    byId("inside-detail").addEventListener("change", () => this.draw());
    byId("inside-turn").addEventListener("change", (event) => {
      this.turn = event.target.selectedIndex === event.target.options.length - 1 ? -1 : event.target.selectedIndex;
      this.draw();
    });
    byId("inside-link").addEventListener("click", () => copyText(new URL(href("inside", this.contactId ?? ""), location.href).href, () => this.#say("inside.linked")));
    for (const events of [false, true]) {
      byId(events ? "calls-events" : "calls-calls").addEventListener("click", () => {
        this.events = events;
        byId("calls-calls").setAttribute("aria-pressed", String(!events));
        byId("calls-events").setAttribute("aria-pressed", String(events));
        this.draw();
      });
    }
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
    this.turn = -1;
    this.draw();
  }

  /** Reads everything anew, while it is looked at. */
  async read() {
    if (byId("view-inside").hidden) return;
    const { contacts } = await api.inspectorContacts();
    this.contacts = contacts;
    // Who never chose one sees the newest.
    if (this.contactId === null) this.show(contacts[0]?.contactId ?? null);
    const wanted = this.contactId;
    const contact = wanted === null ? null : await this.#contact(wanted);
    if (wanted !== this.contactId) return;
    this.contact = contact;
    this.known = true;
    this.draw();
  }

  /** A contact of another state on disk is gone: then the newest is shown. */
  async #contact(contactId) {
    try {
      const contact = await api.inspectorContact(contactId);
      if (!this.flows.has(contact.flowId)) this.flows.set(contact.flowId, await api.flow(contact.flowId).catch(() => null));
      return contact;
    } catch (error) {
      if (error.status !== 404) throw error;
      if (this.contactId === contactId) this.show(this.contacts[0]?.contactId ?? null);
      return null;
    }
  }

  #say(key) {
    setText(byId("inside-said"), "");
    setText(byId("inside-said"), translator(this.language)(key));
  }

  draw() {
    const say = translator(this.language);
    const { contact } = this;
    this.#drawChoice(say);
    byId("inside-none").hidden = !this.known || Boolean(contact);
    byId("inside-link").hidden = !contact;
    byId("inside-export").hidden = !contact;
    byId("inside-body").hidden = !contact;
    if (!contact) return;
    this.#drawStages(contact, say);
    this.#drawFlow(contact, say);
    byId("inside-export").setAttribute("href", api.conversationUrl(contact.contactId));
    this.#drawGraph(contact, say);
    const turns = turnsOf(contact.transcript);
    this.#drawTurn(contact, turns, say);
    this.#drawAgents(contact, turns, say);
    drawCalls(byId("inside-calls"), contact, { events: this.events, language: this.language, region: this.region, say, copied: () => this.#say("calls.copied") });
    this.#drawChanges(contact, say);
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

  #drawGraph(contact, say) {
    const flow = this.flows.get(contact.flowId);
    byId("inside-graph").hidden = !flow;
    if (!flow) return;
    const path = contact.path ?? [];
    const { nodes, edges } = flow.graph;
    const words = (type) => say(`action.${type}`).replace(/^action\./, "");
    const passed = new Set(path.map((step) => step.identifier)).size;
    const summary = say("graph.summary", { name: contact.flow, nodes: nodes.length, ways: edges.length, passed });
    this.graph.draw(flow.graph, path, { words, summary, here: say("inside.here"), ended: contact.state === "ENDED" });
  }

  #drawTurn(contact, turns, say) {
    const select = byId("inside-turn");
    const name = (turn, index) => (index === 0 ? say("turn.start") : `${index}. ${turn.text.slice(0, 60)}`);
    reconcile(
      select,
      turns.map((turn, index) => ({ turn, index })),
      ({ index }) => `${contact.contactId} ${index} ${this.language}`,
      ({ turn, index }) => element("option", { value: String(index) }, name(turn, index)),
    );
    const index = this.turn >= 0 ? this.turn : turns.length - 1;
    select.value = String(index);
    const turn = turns[index];
    if (turn) drawWaterfall(byId("inside-waterfall"), spansOf(contact, turn), turn.from, say);
  }

  #drawAgents(contact, turns, say) {
    const traces = contact.traces ?? [];
    const list = byId("inside-agents");
    byId("inside-agents-none").hidden = traces.length > 0;
    setText(byId("inside-tokens"), counted(tokens(traces), say));
    keepReading(list, () => drawAgents(list, contact, turns, { language: this.language, detail: byId("inside-detail").checked, say }));
  }

  #drawChanges(contact, say) {
    reconcile(
      byId("inside-changes"),
      (contact.attributeChanges ?? []).map((change, index) => ({ ...change, index })),
      (change) => `${contact.contactId} ${change.index} ${change.atMs} ${this.language}`,
      ({ atMs, by, set }) =>
        element(
          "li",
          {},
          element("time", {}, clock(atMs, this.language, true)),
          element("span", { class: "chip" }, say(`by.${by}`)),
          element("ul", {}, ...Object.entries(set).map(([key, value]) => element("li", {}, `${readable(key)} = ${value}`))),
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
