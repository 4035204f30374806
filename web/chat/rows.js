// What of a conversation stands on the screen, row by row: a pure reading of a participant's state.

import { INTERACTIVE } from "./interactive.js";
import { eventName } from "./transcript.js";

/** Messages of the same person within this time are one go. */
const ONE_GO_MS = 120_000;

/** @type {Record<string, string>} the events that are worth a line, and the words for them */
const LINES = {
  "participant.joined": "line.joined",
  "participant.left": "line.left",
  "participant.idle": "line.idle",
  "participant.returned": "line.returned",
  "chat.ended": "line.ended",
  "transfer.succeeded": "line.transferred",
  "transfer.failed": "line.transfer-failed",
};

/**
 * @typedef {object} Row
 * @property {string} key
 * @property {boolean} own
 * @property {string} [line] the key of an event's words
 * @property {import("./transcript.js").Item} [item]
 * @property {import("./participant.js").Outgoing} [outgoing]
 * @property {import("./uploads.js").Upload} [upload]
 * @property {number} at in milliseconds
 * @property {string} by who said it
 * @property {boolean} again said by the same as the one before, in one go
 * @property {boolean} last of what was said in one go
 * @property {string} fate how far a message of ours has come: a key of the words
 * @property {boolean} open whether a choice can still be made
 */

/**
 * @param {import("./participant.js").Participant} participant
 * @returns {Row[]}
 */
export function rowsOf(participant) {
  /** @type {Row[]} */
  const rows = [];
  for (const item of participant.items) {
    const event = eventName(item);
    const key = participant.keyOf(item);
    if (event === null) rows.push(row({ key, item, own: item.ParticipantId === participant.participantId, by: item.ParticipantId ?? item.ParticipantRole ?? "", at: Date.parse(item.AbsoluteTime) }));
    else if (LINES[event]) rows.push(row({ key: `${key} ${event}`, line: LINES[event], item, own: false, by: "", at: Date.parse(item.AbsoluteTime) }));
  }
  const by = participant.participantId;
  for (const outgoing of participant.outbox) {
    if (!outgoing.echoed) rows.push(row({ key: outgoing.clientToken, outgoing, own: true, by, at: outgoing.at, fate: fateOf(outgoing, participant) }));
  }
  for (const upload of participant.uploads.all) rows.push(row({ key: upload.clientToken, upload, own: true, by, at: upload.at, fate: upload.fate === "refused" ? "message.refused" : "message.sending" }));
  connect(rows, participant);
  return rows;
}

/** @param {Partial<Row> & Pick<Row, "key" | "own" | "at" | "by">} given */
const row = (given) => ({ again: false, last: true, fate: "", open: false, ...given });

/**
 * @param {import("./participant.js").Outgoing} outgoing
 * @param {import("./participant.js").Participant} participant
 */
function fateOf(outgoing, { state }) {
  if (state === "ended") return "message.unsent";
  if (outgoing.refused !== null) return "message.refused";
  return state === "connected" ? "message.sending" : "message.waiting";
}

/**
 * What a row is by its neighbours.
 * @param {Row[]} rows
 * @param {import("./participant.js").Participant} participant
 */
function connect(rows, { receipts, state }) {
  let fate = "message.sent";
  let answered = state === "ended";
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const one = rows[at];
    const next = rows[at + 1];
    if (next && !one.line && !next.line && one.by === next.by && next.at - one.at < ONE_GO_MS) {
      next.again = true;
      one.last = false;
    }
    if (one.own && one.item) {
      // What came later was read: so was this.
      const known = receipts.of(one.item.Id);
      if (known === "read" || (known === "delivered" && fate === "message.sent")) fate = `message.${known}`;
      const status = one.item.MessageMetadata?.MessageProcessingStatus;
      if (status) one.fate = status === "PROCESSING" ? "message.sending" : "message.unsent";
      else one.fate = fate;
    }
    if (one.own) answered = true;
    one.open = !answered && one.item?.ContentType === INTERACTIVE;
  }
}
