// One chat at the desk: the packet above the whole conversation, quick texts, the line to write in, and what comes after the end.

import { element, setText } from "../base/dom.js";
import { speak } from "../base/i18n.js";
import { composer } from "../chat/composer.js";
import { Conversation } from "../chat/conversation.js";
import { acceptFiles, fileParts, icon, SEND } from "../chat/files.js";
import { outcomeFields } from "./dialogs.js";
import { packetCard } from "./packet.js";

/** The elements of the room that is in use are found under these names. */
const IDS = ["log", "message", "end", "close", "packet", "customer"];

/** @typedef {import("../chat/participant.js").Participant} Participant */

export class Room {
  /**
   * @param {{ contactId: string, participant: Participant, contact: any }} mine
   * @param {{ onUse: () => void, onEnd: () => void, onTransfer: () => void, onOutcome: (values: any) => void, onClose: () => void }} handlers
   */
  constructor(mine, handlers) {
    this.mine = mine;
    this.handlers = handlers;
    this.#drawn = "";
    const { participant } = mine;
    const part = (name, tag, properties = {}, ...children) => (this.#parts[name] = element(tag, { ...properties, "data-part": name }, ...children));
    const form = /** @type {HTMLFormElement} */ (
      element(
        "form",
        { class: "compose", autocomplete: "off" },
        ...fileParts("data-part"),
        part("message", "textarea", { rows: "1", "data-label": "desk.placeholder", "data-placeholder": "desk.placeholder" }),
        element("button", { class: "primary icon", type: "submit", "data-label": "desk.send", "data-title": "desk.send" }, icon(...SEND)),
      )
    );
    this.form = form;
    this.element = element(
      "article",
      { class: "room desk-room" },
      element(
        "header",
        { class: "room-head" },
        part("customer", "h3"),
        part("state", "p", { class: "status", role: "status" }),
        part("transfer", "button", { type: "button", class: "small", "data-text": "transfer.button", onclick: handlers.onTransfer }),
        part("end", "button", { type: "button", class: "small", "data-text": "desk.end-short", "data-label": "desk.end", onclick: handlers.onEnd }),
      ),
      element("details", { class: "packet", open: matchMedia("(min-width: 761px)").matches, "data-part": "packet" }, element("summary", { "data-text": "desk.packet" }), element("div", {})),
      part("log", "div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0", "data-label": "desk.log" }),
      part("typing", "p", { class: "typing", "aria-live": "polite" }, element("span", {}), element("i", { "aria-hidden": "true" })),
      part("quick", "div", { class: "quick-texts", role: "group", "data-label": "quick.title" }),
      form,
      part("after", "form", { class: "after", hidden: true }),
      element("p", { class: "drop", "aria-hidden": "true", "data-text": "chat.drop" }),
    );
    this.#parts.attach = /** @type {HTMLElement} */ (form.querySelector("[data-part=attach]"));
    this.#parts.packet = /** @type {HTMLElement} */ (this.element.querySelector(".packet"));
    this.element.addEventListener("focusin", () => handlers.onUse());
    this.#parts.after.addEventListener("submit", (event) => {
      event.preventDefault();
      handlers.onOutcome(Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (this.#parts.after))));
    });
    this.conversation = new Conversation(this.#parts.log, this.#parts.typing);
    acceptFiles(this.element, (file) => participant.uploads.add(file));
    this.composer = composer(form, { onSend: (text) => participant.send(text), onTyping: () => participant.noteTyping() });
  }

  /** @type {Record<string, any>} */
  #parts = {};
  #drawn;

  /** Gives the room the names by which the one in use is found, or takes them away. */
  name(current) {
    this.element.classList.toggle("current", current);
    for (const name of IDS) {
      if (current) this.#parts[name]?.setAttribute("id", `desk-${name}`);
      else this.#parts[name]?.removeAttribute("id");
    }
  }

  focus() {
    if (this.mine.participant.state === "ended") this.#parts.after.querySelector("select, button")?.focus();
    else this.composer.focus();
  }

  /**
   * @param {(key: string, values?: Record<string, string | number>) => string} say
   * @param {string} language the page's
   * @param {{ quickTexts: Record<string, string[]>, outcomes: string[] }} desk
   * @param {string} agent
   */
  draw(say, language, desk, agent) {
    const { contact, participant } = this.mine;
    const { state } = participant;
    this.conversation.draw(participant, language);
    this.#parts.state.dataset.state = state;
    setText(this.#parts.state, say(`connection.${state}`));
    const ended = state === "ended";
    this.#parts.attach.hidden = participant.uploads.refused;
    this.form.hidden = ended;
    this.#parts.quick.hidden = ended;
    this.#parts.after.hidden = !ended;
    this.#parts.end.hidden = ended;
    this.#parts.transfer.hidden = ended;
    // What was written down so far must not go with every message.
    const drawn = JSON.stringify([contact, language, desk, agent]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const name = contact.customerDisplayName;
    this.element.setAttribute("aria-label", say("desk.room", { name }));
    setText(this.#parts.customer, name);
    this.#parts.customer.title = name;
    speak(this.element, language);
    this.#parts.packet.lastElementChild.replaceWith(packetCard(contact, say));
    this.#drawQuickTexts(say, desk, agent);
    if (this.#parts.after.childElementCount === 0) {
      this.#parts.after.append(
        element("h4", {}, say("after.title")),
        ...outcomeFields(desk.outcomes, say, `after-${this.mine.contactId}`),
        element(
          "p",
          { class: "buttons end" },
          (this.#parts.close = element("button", { type: "button", onclick: () => this.handlers.onClose() }, say("desk.close"))),
          element("button", { type: "submit", class: "primary" }, say("after.save")),
        ),
      );
    }
  }

  #drawQuickTexts(say, desk, agent) {
    const { contact } = this.mine;
    const wanted = contact.attributes?.escalationLanguage || contact.attributes?.language || contact.languageCode || "";
    const texts = desk.quickTexts[wanted] ?? desk.quickTexts[wanted.split("-")[0]] ?? Object.values(desk.quickTexts)[0] ?? [];
    this.#parts.quick.replaceChildren(
      ...texts.map((text) => {
        const filled = text.replaceAll("{customer}", contact.customerDisplayName).replaceAll("{agent}", agent);
        const put = () => {
          this.composer.setDraft(filled);
          this.composer.focus();
        };
        return element("button", { type: "button", class: "small", title: filled, onclick: put }, filled);
      }),
    );
  }
}
