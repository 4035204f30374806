// The desk: who waits, what the bot hands over, the conversation with the customer.

import * as api from "../base/api.js";
import { composer } from "../chat/composer.js";
import { confirmEnd } from "../base/confirm.js";
import { Conversation } from "../chat/conversation.js";
import { attributeList } from "../base/attributes.js";
import { byId, element, reconcile, setText } from "../base/dom.js";
import { duration } from "../base/format.js";
import { translator } from "../base/i18n.js";
import { Participant } from "../chat/participant.js";
import { recall, remember } from "../base/remember.js";

const KEY = "relevo.desk";

/**
 * @typedef {object} Mine a contact this desk has accepted
 * @property {string} contactId
 * @property {string} participantId
 * @property {string} participantToken
 * @property {any} contact as the server last showed it
 * @property {Participant} participant
 */

/** The desk in the page. */
export class Desk {
  /** @param {{ language: string, onContact: (contactId: string) => void, refresh: () => void }} options */
  constructor({ language, onContact, refresh }) {
    this.language = language;
    this.onContact = onContact;
    this.refresh = refresh;
    this.conversation = new Conversation(byId("desk-log"), byId("desk-typing"));
    /** @type {any[]} */
    this.contacts = [];
    this.readAt = 0;
    /** @type {Map<string, Mine>} */
    this.mine = new Map();
    /** @type {string | null} */
    this.selected = null;
    this.composer = composer(byId("desk-compose"), {
      onSend: (text) => this.#current()?.participant.send(text),
      onTyping: () => this.#current()?.participant.noteTyping(),
    });
    const remembered = recall(KEY) ?? {};
    const name = byId("desk-name");
    name.value = remembered.name ?? translator(language)("desk.name-default");
    name.addEventListener("change", () => this.#save());
    byId("desk-end").addEventListener("click", () => this.#end());
    byId("desk-close").addEventListener("click", () => this.#putAway());
    for (const one of remembered.mine ?? []) this.#take(one);
    this.selected = this.mine.has(remembered.selected) ? remembered.selected : null;
    setInterval(() => this.#drawTimes(), 1_000);
    this.draw();
  }

  setLanguage(language) {
    this.language = language;
    this.draw();
  }

  /** Reads the contacts anew. */
  async read() {
    const { contacts } = await api.deskContacts();
    // The list may have been read before our own accepting was done.
    this.contacts = contacts.map((contact) => (this.mine.has(contact.contactId) ? { ...contact, state: "ACTIVE" } : contact));
    this.readAt = Date.now();
    for (const contact of this.contacts) {
      const mine = this.mine.get(contact.contactId);
      if (mine) mine.contact = contact;
    }
    this.draw();
  }

  /** Comes back at once, when there is a reason to think that it will work. */
  hurry() {
    for (const { participant } of this.mine.values()) participant.hurry();
  }

  #current() {
    return this.selected === null ? undefined : this.mine.get(this.selected);
  }

  #take({ contactId, participantId, participantToken, contact }) {
    const participant = new Participant({ participantId, participantToken, connectParticipant: true });
    this.mine.set(contactId, { contactId, participantId, participantToken, contact, participant });
    participant.addEventListener("change", () => this.draw());
    participant.start();
  }

  async #accept(contact) {
    const say = translator(this.language);
    const name = byId("desk-name").value.trim();
    if (name === "") {
      setText(byId("desk-problem"), say("desk.name-needed"));
      byId("desk-name").focus();
      return;
    }
    setText(byId("desk-problem"), "");
    try {
      const { participantId, participantToken } = await api.deskAccept(contact.contactId, name);
      this.#take({ contactId: contact.contactId, participantId, participantToken, contact });
      this.contacts = this.contacts.map((one) => (one.contactId === contact.contactId ? { ...one, state: "ACTIVE" } : one));
      this.#select(contact.contactId);
    } catch (error) {
      setText(byId("desk-problem"), say("desk.accept-failed", { reason: error.message }));
    }
    this.refresh();
  }

  #select(contactId) {
    this.selected = contactId;
    this.#save();
    this.draw();
    this.onContact(contactId);
    this.composer.focus();
  }

  async #end() {
    const mine = this.#current();
    if (!mine || !(await confirmEnd(this.language))) return;
    try {
      await mine.participant.leave();
      byId("desk-close").focus();
    } catch (error) {
      setText(byId("desk-problem"), translator(this.language)("chat.end-failed", { reason: error.message }));
    }
    this.refresh();
  }

  #putAway() {
    const mine = this.#current();
    if (!mine) return;
    mine.participant.close();
    this.mine.delete(mine.contactId);
    this.selected = null;
    this.#save();
    this.draw();
    byId("desk-name").focus();
  }

  #save() {
    const mine = [...this.mine.values()].map(({ contactId, participantId, participantToken, contact }) => ({
      contactId,
      participantId,
      participantToken,
      contact,
    }));
    remember(KEY, { name: byId("desk-name").value.trim(), mine, selected: this.selected });
  }

  draw() {
    const say = translator(this.language);
    const waiting = this.contacts.filter((contact) => contact.state === "QUEUED").length;
    let summary = say("desk.nobody");
    if (waiting === 1) summary = say("desk.waiting-one");
    else if (waiting > 1) summary = say("desk.waiting-many", { count: waiting });
    setText(byId("desk-waiting"), summary);
    document.title = waiting > 0 ? `(${waiting}) Relevo` : "Relevo";

    const listed = new Set(this.contacts.map((contact) => contact.contactId));
    const over = [...this.mine.values()].filter((mine) => !listed.has(mine.contactId)).map((mine) => ({ ...mine.contact, state: "OVER" }));
    reconcile(
      byId("desk-contacts"),
      [...this.contacts, ...over],
      (contact) => `${contact.contactId} ${contact.state} ${this.mine.has(contact.contactId)} ${this.language}`,
      (contact) => this.#row(contact, say),
      (row, contact) => {
        const current = contact.contactId === this.selected;
        row.classList.toggle("current", current);
        const button = row.querySelector("button");
        if (current) button?.setAttribute("aria-current", "true");
        else button?.removeAttribute("aria-current");
      },
    );
    this.#drawTimes();
    this.#drawCurrent(say);
  }

  #row(contact, say) {
    const name = contact.customerDisplayName;
    const mine = this.mine.has(contact.contactId);
    const row = element(
      "li",
      { class: `contact ${contact.state.toLowerCase()}` },
      element("span", { class: "who" }, element("strong", {}, name), element("span", { class: "quiet-text when" })),
    );
    if (contact.state === "QUEUED") {
      row.append(
        element("button", { type: "button", class: "primary", "aria-label": say("desk.accept-who", { name }), onclick: () => this.#accept(contact) }, say("desk.accept")),
      );
    } else if (mine) {
      row.append(
        element("button", { type: "button", "aria-label": say("desk.open-who", { name }), onclick: () => this.#select(contact.contactId) }, say("desk.open")),
      );
    }
    if (contact.state === "QUEUED") row.append(attributeList(contact.attributes, say, "desk.packet-empty", { brief: true }));
    return row;
  }

  #drawTimes() {
    const say = translator(this.language);
    const rows = [...byId("desk-contacts").children];
    for (const contact of this.contacts) {
      const row = rows.find((one) => one.dataset.key.startsWith(`${contact.contactId} `));
      const when = row?.querySelector(".when");
      if (when) setText(when, this.#when(contact, say));
    }
    for (const row of rows) {
      const when = row.querySelector(".when");
      if (row.classList.contains("over") && when) setText(when, say("desk.closed"));
    }
  }

  #when(contact, say) {
    if (contact.state === "QUEUED") return say("desk.waits", { time: duration(contact.waitingMs + Date.now() - this.readAt) });
    const who = this.mine.has(contact.contactId) ? say("desk.with-you") : say("desk.with", { name: contact.agentDisplayName ?? "?" });
    return `${who}, ${say("desk.waited", { time: duration(contact.waitingMs) })}`;
  }

  #drawCurrent(say) {
    const mine = this.#current();
    byId("desk-room").hidden = !mine;
    byId("desk-none").hidden = Boolean(mine);
    this.conversation.draw(mine?.participant ?? null, this.language);
    if (!mine) return;
    const { state } = mine.participant;
    setText(byId("desk-customer"), mine.contact.customerDisplayName);
    const shown = byId("desk-state");
    shown.dataset.state = state;
    setText(shown, say(`connection.${state}`));
    const packet = attributeList(mine.contact.attributes, say, "desk.packet-empty");
    const place = byId("desk-packet");
    if (place.lastElementChild?.textContent !== packet.textContent) place.lastElementChild?.replaceWith(packet);
    byId("desk-end").hidden = state === "ended";
    byId("desk-close").hidden = state !== "ended";
    byId("desk-compose").hidden = state === "ended";
  }
}
