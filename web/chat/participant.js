// One participant of one chat, customer or agent: connects, comes back after every loss, keeps the transcript, and sends
// what was written, in order, once, however often the connection breaks on the way.

import * as api from "../base/api.js";
import { openSocket } from "./socket.js";
import { add, eventName, merge } from "./transcript.js";

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that stood this long was a good one: after it the pauses are short again. */
const STEADY_MS = 3_000;
/** Somebody who said so is taken to be typing for this long. */
const TYPING_SHOWN_MS = 12_000;
/** Our own typing is told at most this often. */
const TYPING_SENT_MS = 6_000;

const TYPING = "application/vnd.amazonaws.connect.event.typing";

/**
 * @typedef {object} Outgoing a message on its way
 * @property {string} clientToken
 * @property {string} text
 * @property {string | null} refused the server's reason, when it will not have this message
 * @property {boolean} echoed the websocket has brought it back already
 */

/** Dispatches `change` whenever anything that can be seen has changed. */
export class Participant extends EventTarget {
  /**
   * @param {object} remembered
   * @param {string} remembered.participantToken
   * @param {string} remembered.participantId
   * @param {boolean} [remembered.connectParticipant] an agent says so when connecting
   * @param {import("./transcript.js").Item[]} [remembered.items]
   * @param {{ clientToken: string, text: string }[]} [remembered.outbox]
   * @param {boolean} [remembered.ended]
   */
  constructor({ participantToken, participantId, connectParticipant = false, items = [], outbox = [], ended = false }) {
    super();
    this.participantId = participantId;
    this.items = items;
    /** @type {Outgoing[]} */
    this.outbox = outbox.map(({ clientToken, text }) => ({ clientToken, text, refused: null, echoed: false }));
    /** @type {"connecting" | "connected" | "reconnecting" | "ended"} */
    this.state = ended ? "ended" : "connecting";
    /** @type {{ name: string, role: string } | null} */
    this.typing = null;
    this.#participantToken = participantToken;
    this.#connectParticipant = connectParticipant;
  }

  #participantToken;
  #connectParticipant;
  /** @type {Map<string, string>} item ids of what we sent here, and under which client token */
  #sentAs = new Map();
  #connectionToken = null;
  #socket = null;
  #closed = false;
  #looping = false;
  #hurry = () => {};
  #sending = false;
  #typingTimer = 0;
  #typingSentAt = 0;

  /** Connects, and stays connected until the chat has ended or `close` is called. */
  start() {
    if (this.state === "ended" || this.#looping || this.#closed) return;
    void this.#stayConnected();
  }

  /** Goes away without ending the chat. */
  close() {
    this.#closed = true;
    this.#socket?.close();
    this.#hurry();
  }

  /** Tries now rather than at the end of the pause. */
  hurry() {
    this.#hurry();
  }

  /** Stays the same for a message from when it is written to when it is in the transcript. */
  keyOf(item) {
    return this.#sentAs.get(item.Id) ?? item.Id;
  }

  /** Sends a message; it is kept until the server has it. */
  send(text) {
    if (this.state === "ended") return;
    this.outbox.push({ clientToken: crypto.randomUUID(), text, refused: null, echoed: false });
    this.#typingSentAt = 0;
    this.#changed();
    void this.#flush();
  }

  /** Sends a refused message once more. */
  retry(clientToken) {
    const outgoing = this.outbox.find((one) => one.clientToken === clientToken);
    if (!outgoing || this.state === "ended") return;
    outgoing.refused = null;
    this.#changed();
    void this.#flush();
  }

  /** Gives a refused message up. */
  discard(clientToken) {
    this.outbox = this.outbox.filter((one) => one.clientToken !== clientToken);
    this.#changed();
  }

  /** Tells the others that we are typing; nobody minds when it is lost. */
  noteTyping() {
    const now = Date.now();
    if (this.state !== "connected" || now - this.#typingSentAt < TYPING_SENT_MS) return;
    this.#typingSentAt = now;
    api.sendEvent(this.#connectionToken, TYPING).catch(() => {});
  }

  /** Ends the chat for this participant. Fails when the server could not be told. */
  async leave() {
    if (this.state === "ended") return;
    try {
      this.#connectionToken ??= (await this.#connection()).ConnectionCredentials.ConnectionToken;
      await api.disconnect(this.#connectionToken);
    } catch (error) {
      if (!(error instanceof api.ApiError && error.denied)) throw error;
    }
    await this.#readTranscript().catch(() => {});
    this.#end();
  }

  async #stayConnected() {
    this.#looping = true;
    let pause = FIRST_PAUSE_MS;
    while (!this.#closed && this.state !== "ended") {
      try {
        const { lost } = await this.#connect();
        const since = Date.now();
        await lost;
        if (Date.now() - since > STEADY_MS) pause = FIRST_PAUSE_MS;
      } catch (error) {
        if (error instanceof api.ApiError && error.denied) {
          this.#end();
          break;
        }
      }
      if (this.#closed || this.state === "ended") break;
      this.#setState(this.state === "connecting" ? "connecting" : "reconnecting");
      await this.#wait(pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    this.#looping = false;
  }

  /** Connects; `lost` is kept when the connection is lost (in an object, for a bare promise would be awaited with the rest). */
  async #connect() {
    const { Websocket, ConnectionCredentials } = await this.#connection();
    this.#connectionToken = ConnectionCredentials.ConnectionToken;
    let tellLost = () => {};
    const lost = new Promise((resolve) => (tellLost = () => resolve(undefined)));
    const socket = await openSocket(Websocket.Url, { onItem: (item) => this.#receive(item), onClose: tellLost });
    if (this.#closed) {
      socket.close();
      return { lost: Promise.resolve() };
    }
    this.#socket = { close: () => (socket.close(), tellLost()) };
    // The subscription stands before the transcript is read: what comes in between is in both, and merged.
    try {
      await this.#readTranscript();
    } catch (error) {
      socket.close();
      throw error;
    }
    if (this.state !== "ended") this.#setState("connected");
    void this.#flush();
    return { lost };
  }

  #connection() {
    return api.connection(this.#participantToken, this.#connectParticipant);
  }

  async #readTranscript() {
    const pages = [];
    let nextToken;
    do {
      const page = await api.transcriptPage(this.#connectionToken, nextToken);
      pages.unshift(page.Transcript ?? []);
      nextToken = page.NextToken;
    } while (nextToken);
    this.items = merge(this.items, pages.flat());
    if (this.items.some((item) => eventName(item) === "chat.ended")) this.#end();
    this.#changed();
  }

  #receive(item) {
    const own = item.ParticipantId === this.participantId;
    if (eventName(item) === "typing") {
      if (!own) this.#showTyping({ name: item.DisplayName ?? "", role: item.ParticipantRole ?? "" });
      return;
    }
    if (own && item.Type === "MESSAGE") {
      const sent = this.outbox.find((one) => !one.echoed && one.text === item.Content);
      if (sent && !this.#sentAs.has(item.Id)) {
        sent.echoed = true;
        this.#sentAs.set(item.Id, sent.clientToken);
      }
    }
    const before = this.items;
    this.items = add(this.items, item);
    if (this.items === before) return;
    if (!own) this.#showTyping(null);
    if (eventName(item) === "chat.ended") this.#end();
    this.#changed();
  }

  async #flush() {
    if (this.#sending || this.state !== "connected") return;
    this.#sending = true;
    let next;
    while (this.state === "connected" && (next = this.outbox.find((one) => one.refused === null))) {
      const outgoing = next;
      try {
        const sent = await api.sendMessage(this.#connectionToken, outgoing.text, outgoing.clientToken);
        this.#keepSent(outgoing, sent);
      } catch (error) {
        if (error instanceof api.ApiError && !error.passing && !error.denied) {
          outgoing.refused = error.message;
          this.#changed();
        } else {
          // Lost connection or stale token: coming back brings a new token, reads the transcript and sends again.
          this.#setState("reconnecting");
          this.#socket?.close();
        }
      }
    }
    this.#sending = false;
  }

  #keepSent(outgoing, sent) {
    this.outbox = this.outbox.filter((one) => one !== outgoing);
    this.#sentAs.set(sent.Id, outgoing.clientToken);
    this.items = add(this.items, {
      Id: sent.Id,
      AbsoluteTime: sent.AbsoluteTime,
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: outgoing.text,
      ParticipantId: this.participantId,
    });
    this.#changed();
  }

  #showTyping(who) {
    clearTimeout(this.#typingTimer);
    this.typing = who;
    if (who) this.#typingTimer = setTimeout(() => this.#showTyping(null), TYPING_SHOWN_MS);
    this.#changed();
  }

  #end() {
    clearTimeout(this.#typingTimer);
    this.typing = null;
    this.#setState("ended");
    this.#socket?.close();
    this.#hurry();
  }

  #setState(state) {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    if (state !== "connected") this.typing = null;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }

  #wait(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}
