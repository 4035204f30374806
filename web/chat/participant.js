// One participant of one chat, customer or agent: connects, comes back after every loss, keeps the transcript, and sends
// what was written, in order, once, however often the connection breaks on the way.

import { ApiError } from "../base/http.js";
import { Pause } from "../base/pause.js";
import { uuid } from "../base/uuid.js";
import { Receipts } from "./receipts.js";
import { participantService } from "./service.js";
import { openSocket } from "./socket.js";
import { eventName, insert, isKept, merge, renewed } from "./transcript.js";
import { Typing } from "./typing.js";
import { Uploads } from "./uploads.js";

const FIRST_PAUSE_MS = 400;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that stood this long was a good one: after it the pauses are short again. */
const STEADY_MS = 3_000;

/** @typedef {import("./transcript.js").Item} Item */

/**
 * @typedef {object} Outgoing a message on its way
 * @property {string} clientToken
 * @property {string} contentType
 * @property {string} text
 * @property {number} at when it was written, in milliseconds
 * @property {string | null} refused the server's reason, when it will not have this message
 * @property {boolean} echoed the websocket has brought it back already
 */

/** @typedef {"connecting" | "connected" | "reconnecting" | "ended"} State */

/** Dispatches `change` whenever anything that can be seen has changed. */
export class Participant extends EventTarget {
  /**
   * @param {object} remembered
   * @param {string} remembered.participantToken
   * @param {string} remembered.participantId
   * @param {boolean} [remembered.connectParticipant] an agent says so when connecting
   * @param {Item[]} [remembered.items]
   * @param {{ clientToken: string, text: string, contentType?: string, at?: number }[]} [remembered.outbox]
   * @param {boolean} [remembered.ended]
   * @param {import("./service.js").Service} [remembered.service] the page's own server unless said
   */
  constructor({ participantToken, participantId, connectParticipant = false, items = [], outbox = [], ended = false, service = participantService() }) {
    super();
    this.service = service;
    this.participantId = participantId;
    /** @type {Item[]} */
    this.items = items;
    /** @type {Outgoing[]} */
    this.outbox = outbox.map(({ clientToken, text, contentType = "text/plain", at = Date.now() }) => ({ clientToken, contentType, text, at, refused: null, echoed: false }));
    /** @type {State} */
    this.state = ended ? "ended" : "connecting";
    this.#participantToken = participantToken;
    this.#connectParticipant = connectParticipant;
    this.#ids = new Set(items.map((item) => item.Id));
    const changed = () => this.#changed();
    this.uploads = new Uploads({ service, token: () => this.#connectionToken, onChange: changed, onLost: () => this.#lose() });
    const send = async (/** @type {string} */ type, /** @type {string | undefined} */ content = undefined) => {
      if (this.#connectionToken) await service.sendEvent(this.#connectionToken, type, content);
    };
    this.#typing = new Typing({ onChange: changed, send });
    this.receipts = new Receipts({ participantId, onChange: changed, send });
    items.forEach((item) => this.receipts.take(item));
  }

  #participantToken;
  #typing;
  #connectParticipant;
  /** @type {Set<string>} */
  #ids;
  /** @type {Map<string, string>} item ids of what we sent here, and under which client token */
  #sentAs = new Map();
  /** @type {string | null} */
  #connectionToken = null;
  /** @type {{ close: () => void } | null} */
  #socket = null;
  #closed = false;
  #paused = false;
  #looping = false;
  #pause = new Pause();
  #sending = false;

  /** Connects, and stays connected until the chat has ended or `close` is called. */
  start() {
    this.#paused = false;
    if (this.state === "ended" || this.#looping || this.#closed) return;
    void this.#stayConnected();
  }

  /** Lets go of the connection; `start` takes it up again. */
  pause() {
    this.#paused = true;
    this.#socket?.close();
    this.#pause.hurry();
  }

  /** Goes away without ending the chat. */
  close() {
    this.#closed = true;
    this.#socket?.close();
    this.#pause.hurry();
  }

  /** Tries now rather than at the end of the pause. */
  hurry() {
    this.#pause.hurry();
  }

  /**
   * Stays the same for a message from when it is written to when it is in the transcript.
   * @param {Item} item
   */
  keyOf(item) {
    return this.#sentAs.get(item.Id) ?? item.Id;
  }

  /**
   * Sends a message; it is kept until the server has it.
   * @param {string} text
   * @param {string} [contentType]
   */
  send(text, contentType = "text/plain") {
    if (this.state === "ended") return;
    this.outbox.push({ clientToken: uuid(), contentType, text, at: Date.now(), refused: null, echoed: false });
    this.#typing.said();
    this.#changed();
    void this.#flush();
  }

  /**
   * Sends a refused message once more.
   * @param {string} clientToken
   */
  retry(clientToken) {
    const outgoing = this.outbox.find((one) => one.clientToken === clientToken);
    if (!outgoing || this.state === "ended") return;
    outgoing.refused = null;
    this.#changed();
    void this.#flush();
  }

  /**
   * Gives a refused message up.
   * @param {string} clientToken
   */
  discard(clientToken) {
    this.outbox = this.outbox.filter((one) => one.clientToken !== clientToken);
    this.#changed();
  }

  /** Tells the others that we are typing. */
  noteTyping() {
    if (this.state === "connected") this.#typing.tell();
  }

  /** Who else is typing. */
  get typing() {
    return this.#typing.who;
  }

  /**
   * Where a file of the chat can be had, for a short while.
   * @param {string} attachmentId
   */
  async attachmentUrl(attachmentId) {
    this.#connectionToken ??= /** @type {string} */ ((await this.#connection()).ConnectionCredentials.ConnectionToken);
    return this.service.attachmentUrl(this.#connectionToken, attachmentId);
  }

  /** Ends the chat for this participant. Fails when the server could not be told. */
  async leave() {
    if (this.state === "ended") return;
    try {
      this.#connectionToken ??= /** @type {string} */ ((await this.#connection()).ConnectionCredentials.ConnectionToken);
      await this.service.disconnect(this.#connectionToken);
    } catch (error) {
      if (!(error instanceof ApiError && error.denied)) throw error;
    }
    await this.#readTranscript().catch(() => {});
    this.#end();
  }

  /** A way to ask that no earlier answer is taken for. */
  #over() {
    return this.state === "ended";
  }

  async #stayConnected() {
    this.#looping = true;
    let pause = FIRST_PAUSE_MS;
    while (!this.#closed && !this.#paused && this.state !== "ended") {
      try {
        const { lost } = await this.#connect();
        const since = Date.now();
        await lost;
        if (Date.now() - since > STEADY_MS) pause = FIRST_PAUSE_MS;
      } catch (error) {
        if (error instanceof ApiError && error.denied) {
          this.#end();
          break;
        }
      }
      if (this.#closed || this.#paused || this.#over()) break;
      this.#setState(this.state === "connecting" ? "connecting" : "reconnecting");
      await this.#pause.wait(pause * (0.75 + Math.random() / 2));
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
    if (this.#closed || this.#paused) {
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
    this.uploads.resume();
    return { lost };
  }

  #connection() {
    return this.service.connection(this.#participantToken, this.#connectParticipant);
  }

  async #readTranscript() {
    /** @type {Item[][]} */
    const pages = [];
    let nextToken;
    do {
      const page = await this.service.transcriptPage(this.#connectionToken ?? "", nextToken);
      pages.unshift(page.Transcript ?? []);
      nextToken = page.NextToken;
    } while (nextToken);
    this.items = merge(this.items, pages.flat());
    this.#ids = new Set(this.items.map((item) => item.Id));
    this.items.forEach((item) => this.receipts.take(item));
    this.uploads.settleAll(this.items.filter((item) => item.ParticipantId === this.participantId));
    if (this.items.some((item) => eventName(item) === "chat.ended")) this.#end();
    this.#changed();
  }

  /** @param {Item} item */
  #receive(item) {
    if (item.Type === "MESSAGEMETADATA") {
      this.receipts.take(item);
      return;
    }
    const own = item.ParticipantId === this.participantId;
    if (eventName(item) === "typing") {
      if (!own) this.#typing.show({ name: item.DisplayName ?? "", role: item.ParticipantRole ?? "" });
      return;
    }
    if (!isKept(item)) return;
    if (own && item.Type === "MESSAGE") this.#noteEcho(item);
    if (own && item.Type === "ATTACHMENT") this.uploads.settle(item);
    if (this.#ids.has(item.Id)) this.items = this.items.map((known) => (known.Id === item.Id ? renewed(known, item) : known));
    else {
      this.#ids.add(item.Id);
      insert(this.items, item);
    }
    if (!own) {
      if (this.typing) this.#typing.clear();
      if (item.Type !== "EVENT") this.receipts.received(item);
    }
    if (eventName(item) === "chat.ended") this.#end();
    this.#changed();
  }

  /** @param {Item} item */
  #noteEcho(item) {
    const sent = this.outbox.find((one) => !one.echoed && one.text === item.Content);
    if (!sent || this.#sentAs.has(item.Id)) return;
    sent.echoed = true;
    this.#sentAs.set(item.Id, sent.clientToken);
  }

  async #flush() {
    if (this.#sending || this.state !== "connected") return;
    this.#sending = true;
    let next;
    while (this.state === "connected" && (next = this.outbox.find((one) => one.refused === null))) {
      const outgoing = next;
      try {
        const sent = await this.service.sendMessage(this.#connectionToken ?? "", outgoing.contentType, outgoing.text, outgoing.clientToken);
        this.#keepSent(outgoing, sent);
      } catch (error) {
        if (error instanceof ApiError && !error.passing && !error.denied) {
          outgoing.refused = error.message;
          this.#changed();
        } else {
          // Lost connection or stale token: coming back brings a new token, reads the transcript and sends again.
          this.#lose();
        }
      }
    }
    this.#sending = false;
  }

  /**
   * @param {Outgoing} outgoing
   * @param {{ Id: string, AbsoluteTime: string, MessageMetadata?: Item["MessageMetadata"] }} sent
   */
  #keepSent(outgoing, sent) {
    this.outbox = this.outbox.filter((one) => one !== outgoing);
    this.#sentAs.set(sent.Id, outgoing.clientToken);
    if (!this.#ids.has(sent.Id)) {
      this.#ids.add(sent.Id);
      const { contentType: ContentType, text: Content } = outgoing;
      insert(this.items, { ...sent, Type: "MESSAGE", ContentType, Content, ParticipantId: this.participantId });
    }
    this.#changed();
  }

  /** What was taken for a connection is none: coming back makes a new one. */
  #lose() {
    this.#setState("reconnecting");
    this.#socket?.close();
  }

  #end() {
    this.#typing.clear();
    this.#setState("ended");
    this.#socket?.close();
    this.#pause.hurry();
  }

  /** @param {State} state */
  #setState(state) {
    if (this.state === state || this.state === "ended") return;
    this.state = state;
    if (state !== "connected") this.#typing.clear();
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
