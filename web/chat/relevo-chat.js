// <relevo-chat>: the customer's chat as an element of any page. It speaks Amazon Connect's participant protocol.
// docs/embed.md has its attributes and events.

import "./texts.js";
import { confirmEnd } from "../base/confirm.js";
import { element, setText } from "../base/dom.js";
import { nameOf, preferred, speak, translator } from "../base/i18n.js";
import { recall, remember } from "../base/remember.js";
import { uuid } from "../base/uuid.js";
import { composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { acceptFiles } from "./files.js";
import { frame } from "./frame.js";
import { Participant } from "./participant.js";
import { participantService } from "./service.js";
import { startChat } from "./start.js";
import { spoken } from "./texts.js";
import { asJson, asText, save } from "./transcript-file.js";

const SAVE_MS = 400;
/** A tab remembers so many items for the moment before the transcript has been read again. */
const REMEMBERED_ITEMS = 200;
/** The server that this file comes from, when it comes from one. */
const HOME = new URL("..", import.meta.url).origin;

/** @typedef {import("./start.js").Started & { language: string, draft?: string }} Chat what is remembered of a chat */

export class RelevoChat extends HTMLElement {
  static observedAttributes = ["language", "languages", "name"];

  #by;
  #conversation;
  #composer;
  /** @type {Chat | null} */
  #chat = null;
  /** @type {Participant | null} */
  #participant = null;
  /** @type {string | undefined} */
  #startToken;
  #saving = 0;
  #begun = false;
  #onHide = () => this.#save();
  #onOnline = () => this.hurry();

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    const by = frame(root);
    this.#by = by;
    const send = (/** @type {string} */ text) => this.#participant?.send(text);
    this.#conversation = new Conversation(by("chat-log"), by("chat-typing"), { choose: send });
    this.#composer = composer(by("chat-compose"), {
      onSend: send,
      onTyping: () => this.#participant?.noteTyping(),
      onDraft: (text) => this.#keepDraft(text),
    });
    acceptFiles(by("chat-room"), (file) => this.#participant?.uploads.add(file));
    by("chat-start").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      void this.#start();
    });
    by("chat-language").addEventListener("change", () => this.#speak());
    by("chat-end").addEventListener("click", () => void this.#end());
    by("chat-again").addEventListener("click", () => this.#again());
    by("chat-save-text").addEventListener("click", () => this.#download("txt"));
    by("chat-save-json").addEventListener("click", () => this.#download("json"));
    const menu = by("chat-menu");
    menu.addEventListener("focusout", (/** @type {FocusEvent} */ { relatedTarget }) => relatedTarget instanceof Node && !menu.contains(relatedTarget) && (menu.open = false));
    menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ { key }) => {
      if (key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.firstElementChild.focus();
    });
  }

  connectedCallback() {
    addEventListener("pagehide", this.#onHide);
    addEventListener("online", this.#onOnline);
    this.#offer();
    if (this.#begun) this.#participant?.start();
    else {
      this.#begun = true;
      const remembered = recall(this.#key);
      if (remembered?.participantToken) this.#resume(remembered);
      else if (this.hasAttribute("autostart")) void this.#start();
    }
    this.#draw();
  }

  disconnectedCallback() {
    this.#save();
    removeEventListener("pagehide", this.#onHide);
    removeEventListener("online", this.#onOnline);
    // Not the end of the chat: moved in the page, it goes on; a page left for good has none to go on with.
    this.#participant?.pause();
  }

  attributeChangedCallback() {
    if (this.#begun) this.#offer();
  }

  /** The participant service: the attribute, or the server that this file comes from. */
  get endpoint() {
    return this.getAttribute("endpoint") || HOME;
  }

  /** @returns {string | null} the contact, while there is one */
  get contactId() {
    return this.#chat?.contactId ?? null;
  }

  /** @returns {string} the customer's language */
  get language() {
    return this.#chat?.language ?? (this.#by("chat-language").value || spoken[0]);
  }

  /** Comes back at once, when there is a reason to think that it will work. */
  hurry() {
    this.#participant?.hurry();
  }

  get #key() {
    return `relevo.chat${this.id ? `.${this.id}` : ""}`;
  }

  /** Offers the languages there are to choose from: `languages`, or the one `language`, or those there are words for. */
  #offer() {
    const wanted = this.getAttribute("language");
    const listed = (this.getAttribute("languages") ?? "").split(/[\s,]+/).filter(Boolean);
    const offered = listed.length > 0 ? listed : wanted ? [wanted] : spoken;
    const select = this.#by("chat-language");
    const chosen = select.value;
    select.replaceChildren(...offered.map((one) => element("option", { value: one, lang: one }, nameOf(one))));
    select.value = [chosen, wanted].find((one) => one && offered.includes(one)) ?? preferred(offered);
    this.#by("chat-language-field").hidden = offered.length < 2;
    const name = this.#by("chat-name");
    if (name.value === "") name.value = this.getAttribute("name") ?? "";
    this.#speak();
  }

  async #start() {
    const say = translator(this.language);
    const button = this.#by("chat-start-button");
    const language = this.language;
    const focused = this.shadowRoot?.activeElement;
    button.disabled = true;
    setText(this.#by("chat-problem"), "");
    setText(button, say("chat.starting"));
    try {
      this.#startToken ??= uuid();
      const started = await startChat({
        endpoint: this.endpoint,
        startUrl: this.getAttribute("start-url"),
        instance: this.getAttribute("instance"),
        flow: this.getAttribute("flow"),
        displayName: this.#by("chat-name").value.trim() || say("chat.name-default"),
        attributes: { ...this.#contactAttributes(), language },
        clientToken: this.#startToken,
      });
      this.#startToken = undefined;
      this.#resume({ ...started, language });
      if (focused) this.#composer.focus();
    } catch (error) {
      setText(this.#by("chat-problem"), say("chat.start-failed", { reason: error instanceof Error ? error.message : String(error) }));
    } finally {
      button.disabled = false;
      setText(button, say("chat.start"));
    }
  }

  /** @returns {Record<string, string>} */
  #contactAttributes() {
    const given = this.getAttribute("contact-attributes");
    if (!given) return {};
    const attributes = JSON.parse(given);
    return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
  }

  /** @param {Chat & object} remembered */
  #resume(remembered) {
    this.#participant?.close();
    const { contactId, participantId, participantToken, language } = remembered;
    this.#chat = { contactId, participantId, participantToken, language };
    this.#participant = new Participant({ ...remembered, service: participantService(this.endpoint === location.origin ? "" : this.endpoint) });
    this.#participant.addEventListener("change", () => this.#changed());
    this.#composer.setDraft(remembered.draft ?? "");
    this.#speak();
    this.#participant.start();
    this.#changed();
    this.#tell("relevo-contact", { contactId });
  }

  async #end() {
    const participant = this.#participant;
    if (!participant || !(await confirmEnd(this.language, this.shadowRoot ?? document.body))) return;
    setText(this.#by("chat-notice"), "");
    try {
      await participant.leave();
      this.#by("chat-again").focus();
    } catch (error) {
      setText(this.#by("chat-notice"), translator(this.language)("chat.end-failed", { reason: error instanceof Error ? error.message : String(error) }));
    }
  }

  #again() {
    this.#participant?.close();
    this.#participant = null;
    this.#chat = null;
    remember(this.#key, null);
    setText(this.#by("chat-notice"), "");
    this.#speak();
    this.#by("chat-start-button").focus();
  }

  /** @param {"txt" | "json"} kind */
  #download(kind) {
    const { contactId } = this;
    this.#by("chat-menu").open = false;
    if (!this.#participant || !contactId) return;
    const name = `chat-${contactId}.${kind}`;
    if (kind === "txt") save(name, "text/plain;charset=utf-8", asText(this.#participant, this.language));
    else save(name, "application/json", asJson(this.#participant, contactId));
  }

  /** @param {string} draft */
  #keepDraft(draft) {
    if (!this.#chat) return;
    this.#chat.draft = draft;
    this.#saveSoon();
  }

  #changed() {
    this.#saveSoon();
    this.#draw();
  }

  #saveSoon() {
    this.#saving ||= window.setTimeout(() => this.#save(), SAVE_MS);
  }

  #save() {
    clearTimeout(this.#saving);
    this.#saving = 0;
    const chat = this.#chat;
    const participant = this.#participant;
    if (!chat || !participant) return;
    remember(this.#key, {
      ...chat,
      items: participant.items.slice(-REMEMBERED_ITEMS),
      outbox: participant.outbox.map(({ clientToken, contentType, text, at }) => ({ clientToken, contentType, text, at })),
      ended: participant.state === "ended",
    });
  }

  #speak() {
    const shell = /** @type {HTMLElement} */ (this.shadowRoot?.querySelector(".shell"));
    speak(shell, this.language);
    this.#draw();
  }

  #draw() {
    const by = this.#by;
    const participant = this.#participant;
    const ended = participant?.state === "ended";
    by("chat-start").hidden = Boolean(participant);
    by("chat-room").hidden = !participant;
    by("chat-end").hidden = !participant || ended;
    by("chat-again").hidden = !ended;
    by("chat-menu").hidden = !participant;
    const state = by("chat-state");
    state.hidden = !participant || ended;
    this.#conversation.draw(participant, this.language);
    if (!participant) return;
    const say = translator(this.language);
    if (state.dataset.state !== participant.state) this.#tell("relevo-state", { state: participant.state });
    state.dataset.state = participant.state;
    setText(state, say(`connection.${participant.state}`));
    by("chat-compose").hidden = ended;
    by("chat-attach").hidden = participant.uploads.refused || this.getAttribute("attachments") === "off";
    by("chat-over").hidden = !ended;
    setText(by("chat-over"), say(participant.outbox.length > 0 ? "chat.over-unsent" : "chat.over"));
  }

  /**
   * @param {string} type
   * @param {object} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("relevo-chat")) customElements.define("relevo-chat", RelevoChat);
