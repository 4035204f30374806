// Who has got and who has read what: receipts for what we said, and ours for what others said. As Connect's own client does
// it, one receipt stands for everything before it, and "read" makes "delivered" needless.

import { ApiError } from "../base/http.js";

const DELIVERED = "application/vnd.amazonaws.connect.event.message.delivered";
const READ = "application/vnd.amazonaws.connect.event.message.read";
/** Receipts wait this long for a later one that stands for them. */
const GATHER_MS = 1_000;

/** @typedef {"delivered" | "read"} Fate */

export class Receipts {
  /**
   * @param {object} options
   * @param {string} options.participantId ours
   * @param {() => void} options.onChange
   * @param {(contentType: string, content: string) => Promise<void>} options.send
   */
  constructor({ participantId, onChange, send }) {
    this.#participantId = participantId;
    this.#onChange = onChange;
    this.#send = send;
  }

  #participantId;
  #onChange;
  #send;
  /** @type {Map<string, Fate>} by the id of a message of ours */
  #known = new Map();
  /** @type {string | null} the last message of somebody else */
  #last = null;
  #told = { delivered: "", read: "" };
  #wantsRead = false;
  /** The contact takes no receipts: with a third person in it there are none. */
  #refused = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * What the server says about a message of ours.
   * @param {import("./transcript.js").Item} item a `MESSAGEMETADATA`, or an item of the transcript
   */
  take({ Id, MessageMetadata }) {
    const id = MessageMetadata?.MessageId ?? Id;
    for (const { DeliveredTimestamp, ReadTimestamp, RecipientParticipantId } of MessageMetadata?.Receipts ?? []) {
      if (RecipientParticipantId === this.#participantId || !id) continue;
      const fate = ReadTimestamp ? "read" : DeliveredTimestamp ? "delivered" : null;
      if (!fate || this.#known.get(id) === "read" || this.#known.get(id) === fate) continue;
      this.#known.set(id, fate);
      this.#onChange();
    }
  }

  /**
   * How far a message of ours has come, as far as anybody said.
   * @param {string} id
   * @returns {Fate | undefined}
   */
  of(id) {
    return this.#known.get(id);
  }

  /**
   * Somebody else's message has come.
   * @param {import("./transcript.js").Item} item
   */
  received({ Id, ParticipantRole }) {
    if (ParticipantRole === "SYSTEM") return;
    this.#last = Id;
    this.#wantsRead = false;
    this.#soon();
  }

  /** Everything that has come is before somebody's eyes. */
  read() {
    if (!this.#last || this.#told.read === this.#last || this.#wantsRead) return;
    this.#wantsRead = true;
    this.#soon();
  }

  #soon() {
    if (this.#refused || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#tell(), GATHER_MS);
  }

  async #tell() {
    this.#timer = undefined;
    const id = this.#last;
    const kind = this.#wantsRead ? "read" : "delivered";
    if (!id || this.#told[kind] === id || this.#told.read === id) return;
    this.#told[kind] = id;
    try {
      await this.#send(kind === "read" ? READ : DELIVERED, JSON.stringify({ messageId: id }));
    } catch (error) {
      // Nobody waits for a receipt. One that will never be taken is not offered again.
      if (error instanceof ApiError && !error.passing && !error.denied) this.#refused = true;
    }
  }
}
