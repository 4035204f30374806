// The desk: who waits and to whom it is offered, several chats side by side, the agent's status.

import "./texts.js";
import * as api from "../base/api.js";
import { byId, element, reconcile, setText } from "../base/dom.js";
import { translator } from "../base/i18n.js";
import { recall, remember } from "../base/remember.js";
import { Participant } from "../chat/participant.js";
import { askOutcome, askQueues, askTransfer } from "./dialogs.js";
import { Bell } from "./ring.js";
import { Room } from "./room.js";
import { contactRow, drawTimes } from "./row.js";

const KEY = "relevo.desk";
const NOBODY = { queues: [], agents: [], quickTexts: {}, outcomes: [] };

/**
 * @typedef {object} Mine a contact this desk has accepted
 * @property {string} contactId
 * @property {string} participantId
 * @property {string} participantToken
 * @property {any} contact as the server last showed it
 * @property {Participant} participant
 * @property {Room} room
 */

/** The desk in the page. */
export class Desk {
  /** @param {{ language: string, onContact: (contactId: string) => void, refresh: () => void }} options */
  constructor({ language, onContact, refresh }) {
    this.language = language;
    this.onContact = onContact;
    this.refresh = refresh;
    /** @type {any[]} */
    this.contacts = [];
    /** @type {any} */
    this.desk = NOBODY;
    this.readAt = 0;
    /** @type {Map<string, Mine>} */
    this.mine = new Map();
    /** @type {string | null} */
    this.selected = null;
    /** Contacts that have rung already. */
    this.rung = new Set();
    this.bell = new Bell();
    /** @type {string | null} the contact that is being accepted or rejected */
    this.answering = null;
    this.#setUp();
  }

  #setUp() {
    const remembered = recall(KEY) ?? {};
    this.name = remembered.name ?? translator(this.language)("desk.name-default");
    this.sound = remembered.sound ?? true;
    const name = byId("desk-name");
    name.value = this.name;
    name.addEventListener("change", () => this.#rename(name.value.trim()));
    byId("desk-places").append(...Array.from({ length: 10 }, (_, n) => element("option", { value: String(n + 1) }, String(n + 1))));
    for (const id of ["desk-status", "desk-places"]) byId(id).addEventListener("change", () => this.#setAgent());
    byId("desk-sound").addEventListener("click", () => {
      this.sound = !this.sound;
      this.#save();
      this.draw();
      // What is switched on is heard, whether anybody waits or not.
      if (this.sound) this.bell.ring();
      this.#ring();
    });
    byId("desk-queues").addEventListener("click", () => this.#chooseQueues());
    for (const one of remembered.mine ?? []) this.#take(one);
    this.selected = this.mine.has(remembered.selected) ? remembered.selected : null;
    addEventListener("keydown", (event) => this.#key(event));
    setInterval(() => this.#drawTimes(), 1_000);
    this.draw();
  }

  setLanguage(language) {
    this.language = language;
    this.draw();
  }

  /** Reads the contacts and the agents anew. */
  async read() {
    const [{ contacts }, desk] = await Promise.all([api.deskContacts(), api.desk()]);
    // The list may have been read before our own accepting was done.
    this.contacts = contacts.map((contact) => (this.mine.has(contact.contactId) ? { ...contact, state: "ACTIVE" } : contact));
    this.desk = desk;
    this.readAt = Date.now();
    for (const contact of this.contacts) {
      const mine = this.mine.get(contact.contactId);
      if (mine) mine.contact = contact;
    }
    if (!this.#agent() && this.name !== "" && !this.signedIn) {
      // The first look at the desk signs the person in.
      this.signedIn = true;
      await this.#setAgent("AVAILABLE", 3);
    }
    this.#ring();
    this.draw();
  }

  /** Comes back at once, when there is a reason to think that it will work. */
  hurry() {
    for (const { participant } of this.mine.values()) participant.hurry();
  }

  #agent() {
    return this.desk.agents.find((one) => one.name === this.name);
  }

  #current() {
    return this.selected === null ? undefined : this.mine.get(this.selected);
  }

  #offered() {
    return this.contacts.find((one) => one.state === "QUEUED" && one.offer?.agent === this.name);
  }

  async #setAgent(status = byId("desk-status").value, places = Number(byId("desk-places").value), queues) {
    if (this.name === "") return;
    await this.#try(() => api.setAgent(this.name, status, places, queues), "desk.status-failed");
    // A choice that was refused goes back to what is so.
    this.drawnAgent = "";
  }

  async #chooseQueues() {
    // Who has just given their name may not have been read back yet: they serve all queues.
    const chosen = await askQueues(this.desk.queues, this.#agent()?.queues ?? [], translator(this.language));
    const agent = this.#agent();
    // All of them are also those that will come.
    if (chosen) await this.#setAgent(agent?.status, agent?.maxChats, chosen.length === this.desk.queues.length ? [] : chosen);
  }

  async #rename(name) {
    const before = this.#agent();
    this.name = name;
    this.#save();
    if (name === "") return;
    // Who goes leaves no place open behind them.
    if (before && before.active === 0) await this.#try(() => api.setAgent(before.name, "OFFLINE", before.maxChats), "desk.status-failed");
    if (!this.#agent()) await this.#setAgent("AVAILABLE", before?.maxChats ?? 3);
    this.refresh();
  }

  /** What is offered to one rings until it is answered; what is new in one's queues rings once. Who takes nothing hears nothing. */
  #ring() {
    const agent = this.#agent();
    const listens = this.sound && ["AVAILABLE", "AFTER_CONTACT_WORK"].includes(agent?.status);
    const waiting = this.contacts.filter((one) => listens && one.state === "QUEUED" && one.contactId !== this.answering && (one.offer?.agent === this.name || this.#serves(one.queue)));
    const fresh = waiting.some((one) => !this.rung.has(one.contactId));
    this.rung = new Set(waiting.map((one) => one.contactId));
    const offered = waiting.some((one) => one.offer?.agent === this.name);
    if (waiting.length === 0) this.bell.hush();
    else if (fresh && !offered) this.bell.ring();
    this.bell.keep(offered);
  }

  /** Whether contacts of the queue of this name are for the agent. */
  #serves(queue) {
    const served = this.#agent()?.queues ?? [];
    return served.length === 0 || this.desk.queues.some((one) => one.name === queue && served.includes(one.id));
  }

  #key(event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || byId("view-live").hidden || document.querySelector("dialog[open]")) return;
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    const waiting = this.#offered() ?? this.contacts.find((one) => one.state === "QUEUED");
    if (event.code === "KeyA" && waiting) void this.#accept(waiting);
    else if (event.code === "KeyR" && this.#offered()) void this.#reject(this.#offered());
    else if (digit) {
      const wanted = [...this.mine.keys()][Number(digit) - 1];
      if (wanted) this.#select(wanted);
    } else return;
    event.preventDefault();
  }

  #take({ contactId, participantId, participantToken, contact }) {
    const participant = new Participant({ participantId, participantToken, connectParticipant: true });
    const mine = /** @type {Mine} */ ({ contactId, participantId, participantToken, contact, participant });
    mine.room = new Room(mine, {
      onUse: () => this.selected === contactId || this.#select(contactId, false),
      onEnd: () => this.#end(mine),
      onTransfer: () => this.#transfer(mine),
      onOutcome: ({ outcome, note }) => this.#after(mine, "outcome", { outcome, note }),
      onClose: () => this.#after(mine, "close"),
    });
    this.mine.set(contactId, mine);
    participant.addEventListener("change", () => this.draw());
    participant.start();
  }

  async #accept(contact) {
    if (this.name === "") {
      setText(byId("desk-problem"), translator(this.language)("desk.name-needed"));
      byId("desk-name").focus();
      return;
    }
    this.#answer(contact);
    await this.#try(async () => {
      const { participantId, participantToken, handover } = await api.deskAccept(contact.contactId, this.name);
      this.#take({ contactId: contact.contactId, participantId, participantToken, contact: handover?.contact ?? contact });
      this.contacts = this.contacts.map((one) => (one.contactId === contact.contactId ? { ...one, state: "ACTIVE" } : one));
      this.#select(contact.contactId);
    }, "desk.accept-failed");
    this.answering = null;
  }

  /** From the moment on in which it is answered nothing rings for it. */
  #answer(contact) {
    this.answering = contact.contactId;
    this.#ring();
  }

  async #reject(contact) {
    this.#answer(contact);
    await this.#try(() => api.deskDo(contact.contactId, "reject", { displayName: this.name }), "desk.reject-failed");
    this.answering = null;
  }

  async #end(mine) {
    const answer = await askOutcome(this.desk.outcomes, translator(this.language));
    if (!answer) return;
    await this.#try(async () => {
      await api.deskDo(mine.contactId, "end", answer);
      this.#putAway(mine);
    }, "chat.end-failed");
  }

  async #transfer(mine) {
    const agents = this.desk.agents.filter((one) => one.name !== this.name && one.status !== "OFFLINE");
    const answer = await askTransfer({ queues: this.desk.queues, agents }, translator(this.language));
    if (!answer) return;
    const [kind, ...name] = answer.to.split(":");
    await this.#try(async () => {
      await api.deskDo(mine.contactId, "transfer", { to: { [kind]: name.join(":") }, note: answer.note });
      this.#putAway(mine);
    }, "transfer.failed");
  }

  /** After contact work: how it came out, or nothing more to say. */
  async #after(mine, what, body = {}) {
    await this.#try(async () => {
      await api.deskDo(mine.contactId, what, body);
      this.#putAway(mine);
    }, "after.failed");
  }

  async #try(work, failed) {
    const problem = byId("desk-problem");
    setText(problem, "");
    try {
      await work();
    } catch (error) {
      setText(problem, translator(this.language)(failed, { reason: error.message }));
    }
    this.refresh();
  }

  #select(contactId, focus = true) {
    this.selected = contactId;
    this.#save();
    this.draw();
    this.onContact(contactId);
    const room = this.mine.get(contactId)?.room;
    if (focus) {
      byId("desk-contacts").querySelector(".current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
      room?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
      room?.focus();
    }
  }

  #putAway(mine) {
    mine.participant.close();
    this.mine.delete(mine.contactId);
    this.selected = [...this.mine.keys()].at(-1) ?? null;
    this.#save();
    this.draw();
    if (this.#current()) this.#current()?.room.focus();
    else byId("desk").focus();
  }

  #save() {
    const mine = [...this.mine.values()].map(({ contactId, participantId, participantToken, contact }) => ({ contactId, participantId, participantToken, contact }));
    remember(KEY, { name: this.name, sound: this.sound, mine, selected: this.selected });
  }

  draw() {
    const say = translator(this.language);
    const waiting = this.contacts.filter((contact) => contact.state === "QUEUED").length;
    let summary = say("desk.nobody");
    if (waiting === 1) summary = say("desk.waiting-one");
    else if (waiting > 1) summary = say("desk.waiting-many", { count: waiting });
    setText(byId("desk-waiting"), summary);
    document.title = waiting > 0 ? `(${waiting}) Relevo` : "Relevo";
    this.#drawAgent(say);
    this.#drawQueue(say);
    this.#drawRooms(say);
  }

  #drawAgent(say) {
    const agent = this.#agent();
    const [status, places] = [byId("desk-status"), byId("desk-places")];
    // What the server says anew is shown; what is being chosen is left alone.
    const known = agent ? `${agent.name} ${agent.status} ${agent.maxChats}` : "";
    if (agent && known !== this.drawnAgent) [status.value, places.value] = [agent.status, String(agent.maxChats)];
    this.drawnAgent = known;
    this.#drawServed(agent?.queues ?? [], say);
    byId("desk-light").dataset.state = agent ? { AVAILABLE: "available", OFFLINE: "offline" }[agent.status] ?? "busy" : "";
    byId("desk-sound").setAttribute("aria-pressed", String(this.sound));
  }

  /** Which queues one serves; where there is one queue there is nothing to choose. */
  #drawServed(served, say) {
    const { queues } = this.desk;
    const button = byId("desk-queues");
    button.hidden = queues.length < 2 || this.name === "";
    const names = queues.filter((one) => served.includes(one.id)).map((one) => one.name);
    let words = say("queues.all");
    if (names.length === 1) words = names[0];
    else if (names.length > 1) words = say("queues.some", { count: names.length, all: queues.length });
    setText(byId("desk-queues-are"), words);
    button.title = say("queues.are", { queues: names.length > 0 ? names.join(", ") : say("queues.all") });
    button.setAttribute("aria-label", `${say("queues.title")}: ${words}`);
    button.classList.toggle("narrowed", names.length > 0);
  }

  #drawQueue(say) {
    const listed = new Set(this.contacts.map((contact) => contact.contactId));
    const over = [...this.mine.values()].filter((mine) => !listed.has(mine.contactId)).map((mine) => ({ ...mine.contact, state: "DONE" }));
    reconcile(
      byId("desk-contacts"),
      // Who waits stands first, above all who is offered to one: on a phone the rest is out of sight.
      [...this.contacts, ...over].sort((one, other) => this.#urgency(other) - this.#urgency(one)),
      (contact) => `${contact.contactId} ${contact.state} ${contact.offer?.agent ?? ""} ${this.mine.has(contact.contactId)} ${this.language} ${this.name}`,
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
  }

  #urgency = ({ state, offer }) => (state !== "QUEUED" ? 0 : offer?.agent === this.name ? 2 : 1);

  #row(contact, say) {
    return contactRow(contact, say, {
      me: this.name,
      mine: this.mine.has(contact.contactId),
      onAccept: () => this.#accept(contact),
      onReject: () => this.#reject(contact),
      onOpen: () => this.#select(contact.contactId),
    });
  }

  #drawTimes() {
    const passed = Date.now() - this.readAt;
    for (const row of /** @type {Iterable<HTMLElement>} */ (byId("desk-contacts").children)) {
      const contactId = row.dataset.key?.split(" ")[0] ?? "";
      const contact = this.contacts.find((one) => one.contactId === contactId);
      drawTimes(row, contact, translator(this.language), { me: this.name, mine: this.mine.has(contactId), passed });
    }
  }

  #drawRooms(say) {
    const rooms = byId("desk-rooms");
    rooms.hidden = this.mine.size === 0;
    byId("desk-none").hidden = this.mine.size > 0;
    const all = [...this.mine.values()];
    for (const gone of [...rooms.children]) if (!all.some((mine) => mine.room.element === gone)) gone.remove();
    for (const mine of all) {
      if (!mine.room.element.isConnected) rooms.append(mine.room.element);
      mine.room.draw(say, this.language, this.desk, this.name);
      mine.room.name(false);
    }
    this.#current()?.room.name(true);
  }
}
