// Files on their way into the chat.

import { ApiError } from "../base/http.js";
import { uuid } from "../base/uuid.js";
import { whyRefused } from "./refusals.js";

/**
 * @typedef {object} Upload
 * @property {string} clientToken
 * @property {File} file
 * @property {number} at when it was chosen, in milliseconds
 * @property {number} share how much of it is there, from 0 to 1
 * @property {"waiting" | "sending" | "sent" | "refused"} fate
 * @property {string} reason the server's, when it is refused
 * @property {string} why the same as a key of the words, where it is a usual one
 * @property {AbortController} stop
 */

export class Uploads {
  /**
   * @param {object} options
   * @param {import("./service.js").Service} options.service
   * @param {() => string | null} options.token the connection token
   * @param {() => void} options.onChange
   * @param {() => void} options.onLost the connection token is no longer good
   */
  constructor({ service, token, onChange, onLost }) {
    this.#service = service;
    this.#token = token;
    this.#onChange = onChange;
    this.#onLost = onLost;
  }

  #service;
  #token;
  #onChange;
  #onLost;
  /** @type {Upload[]} */
  all = [];
  /** The chat takes no files at all. */
  refused = false;

  /** @param {File} file */
  add(file) {
    const upload = { clientToken: uuid(), file, at: Date.now(), share: 0, fate: /** @type {const} */ ("waiting"), reason: "", why: "", stop: new AbortController() };
    this.all = [...this.all, upload];
    this.#onChange();
    void this.#send(upload);
  }

  /**
   * Sends a refused file once more.
   * @param {string} clientToken
   */
  retry(clientToken) {
    const upload = this.all.find((one) => one.clientToken === clientToken);
    if (!upload) return;
    // What was begun under the old token is given up: it may be what was wrong.
    upload.clientToken = uuid();
    upload.fate = "waiting";
    void this.#send(upload);
  }

  /** @param {string} clientToken */
  discard(clientToken) {
    this.all.find((one) => one.clientToken === clientToken)?.stop.abort();
    this.all = this.all.filter((one) => one.clientToken !== clientToken);
    this.#onChange();
  }

  /** The connection is back: sends what waits for it. */
  resume() {
    for (const upload of this.all) if (upload.fate === "waiting") void this.#send(upload);
  }

  /**
   * A file of ours has arrived in the transcript. The websocket may bring it before the server's answer to us.
   * @param {import("./transcript.js").Item} item
   */
  settle(item) {
    const names = new Set(item.Attachments?.map((one) => one.AttachmentName));
    const arrived = (/** @type {string} */ fate) => this.all.find((one) => one.fate === fate && names.has(one.file.name));
    const upload = arrived("sent") ?? arrived("sending");
    this.all = this.all.filter((one) => one !== upload);
  }

  /**
   * The transcript was read anew: what was sent is in it.
   * @param {import("./transcript.js").Item[]} items ours
   */
  settleAll(items) {
    const names = new Set(items.flatMap((item) => item.Attachments ?? []).map((one) => one.AttachmentName));
    this.all = this.all.filter((one) => one.fate !== "sent" || !names.has(one.file.name));
  }

  /** @param {Upload} upload */
  async #send(upload) {
    if (!this.#token()) return;
    upload.fate = "sending";
    upload.share = 0;
    this.#onChange();
    try {
      await this.#service.upload(this.#token, upload.file, upload.clientToken, (share) => {
        upload.share = share;
        this.#onChange();
      }, upload.stop.signal);
      upload.fate = "sent";
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        upload.fate = "waiting";
        this.#onLost();
      } else {
        upload.fate = "refused";
        upload.why = whyRefused(error, upload.file);
        upload.reason = error instanceof Error ? error.message : String(error);
        this.refused ||= upload.why === "refused.off";
      }
    }
    this.#onChange();
  }
}
