// The customer's part: start with a name and a language, talk, end, start again; a reload goes on.

import "./texts.js";
import * as api from "../base/api.js";
import { composer } from "./composer.js";
import { confirmEnd } from "../base/confirm.js";
import { Conversation } from "./conversation.js";
import { byId, element, setText } from "../base/dom.js";
import { languages, nameOf, preferred, speak, translator } from "../base/i18n.js";
import { Participant } from "./participant.js";
import { recall, remember } from "../base/remember.js";

const KEY = "relevo.chat";

/**
 * @typedef {object} Chat what is remembered of a chat
 * @property {string} contactId
 * @property {string} participantId
 * @property {string} participantToken
 * @property {string} language
 * @property {string} [draft]
 */

/** The customer's chat in the page. */
export class CustomerChat {
  /** @param {{ onContact: (contactId: string) => void }} handlers told whenever there is another contact */
  constructor({ onContact }) {
    this.onContact = onContact;
    this.part = byId("chat");
    this.form = byId("chat-start");
    this.room = byId("chat-room");
    this.conversation = new Conversation(byId("chat-log"), byId("chat-typing"));
    /** @type {Chat | null} */
    this.chat = null;
    /** @type {Participant | null} */
    this.participant = null;
    this.offered = languages;
    this.composer = composer(byId("chat-compose"), {
      onSend: (text) => this.participant?.send(text),
      onTyping: () => this.participant?.noteTyping(),
      onDraft: (text) => this.#keepDraft(text),
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#start();
    });
    byId("chat-language").addEventListener("change", () => this.#speak());
    byId("chat-end").addEventListener("click", () => this.#end());
    byId("chat-again").addEventListener("click", () => this.#again());
    this.setLanguages(languages);

    const remembered = recall(KEY);
    if (remembered?.participantToken) this.#resume(remembered);
    else this.#draw();
  }

  /** The languages of the bot that runs here. */
  setLanguages(offered) {
    if (offered.length === 0) return;
    const select = byId("chat-language");
    const chosen = select.value;
    this.offered = offered;
    select.replaceChildren(...offered.map((one) => element("option", { value: one, lang: one }, nameOf(one))));
    select.value = offered.includes(chosen) ? chosen : preferred(offered);
    this.#speak();
  }

  /** Comes back at once, when there is a reason to think that it will work. */
  hurry() {
    this.participant?.hurry();
  }

  get language() {
    return this.chat?.language ?? byId("chat-language").value;
  }

  async #start() {
    const say = translator(this.language);
    const button = byId("chat-start-button");
    const displayName = byId("chat-name").value.trim() || say("chat.name-default");
    const language = byId("chat-language").value;
    button.disabled = true;
    setText(byId("chat-problem"), "");
    setText(button, say("chat.starting"));
    try {
      const { instanceId, contactFlowId } = await api.info();
      // The same token for every attempt until one is known to have worked.
      this.startToken ??= crypto.randomUUID();
      const started = await api.startChat({ instanceId, contactFlowId, displayName, language, clientToken: this.startToken });
      this.startToken = undefined;
      this.#resume({
        contactId: started.ContactId,
        participantId: started.ParticipantId,
        participantToken: started.ParticipantToken,
        language,
      });
      this.composer.focus();
    } catch (error) {
      setText(byId("chat-problem"), say("chat.start-failed", { reason: error.message }));
    } finally {
      button.disabled = false;
      setText(button, say("chat.start"));
    }
  }

  #resume(remembered) {
    this.participant?.close();
    this.chat = remembered;
    this.participant = new Participant(remembered);
    this.participant.addEventListener("change", () => this.#changed());
    this.composer.setDraft(remembered.draft ?? "");
    this.#speak();
    this.participant.start();
    this.#changed();
    this.onContact(remembered.contactId);
  }

  async #end() {
    const participant = this.participant;
    if (!participant || !(await confirmEnd(this.language))) return;
    setText(byId("chat-notice"), "");
    try {
      await participant.leave();
      byId("chat-again").focus();
    } catch (error) {
      setText(byId("chat-notice"), translator(this.language)("chat.end-failed", { reason: error.message }));
    }
  }

  #again() {
    this.participant?.close();
    this.participant = null;
    this.chat = null;
    remember(KEY, null);
    setText(byId("chat-notice"), "");
    this.#speak();
    byId("chat-start-button").focus();
  }

  #keepDraft(draft) {
    if (!this.chat) return;
    this.chat.draft = draft;
    this.#save();
  }

  #changed() {
    this.#save();
    this.#draw();
  }

  #save() {
    const { chat, participant } = this;
    if (!chat || !participant) return;
    remember(KEY, {
      ...chat,
      items: participant.items,
      outbox: participant.outbox.map(({ clientToken, text }) => ({ clientToken, text })),
      ended: participant.state === "ended",
    });
  }

  #speak() {
    speak(this.part, this.language);
    this.#draw();
  }

  #draw() {
    const { participant } = this;
    this.form.hidden = Boolean(participant);
    this.room.hidden = !participant;
    byId("chat-end").hidden = !participant || participant.state === "ended";
    byId("chat-again").hidden = participant?.state !== "ended";
    const state = byId("chat-state");
    state.hidden = !participant;
    this.conversation.draw(participant, this.language);
    if (!participant) return;
    const say = translator(this.language);
    state.dataset.state = participant.state;
    setText(state, say(`connection.${participant.state}`));
    byId("chat-compose").hidden = participant.state === "ended";
    byId("chat-over").hidden = participant.state !== "ended";
    setText(byId("chat-over"), say(participant.outbox.length > 0 ? "chat.over-unsent" : "chat.over"));
  }
}
