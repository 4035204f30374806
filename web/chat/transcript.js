// A transcript put together from two sources that overlap: what GetTranscript answers and what the websocket brings.

/**
 * @typedef {object} Attachment
 * @property {string} AttachmentId
 * @property {string} AttachmentName
 * @property {string} ContentType
 * @property {string} [Status] APPROVED, REJECTED or IN_PROGRESS
 */

/**
 * @typedef {object} Receipt
 * @property {string} [DeliveredTimestamp]
 * @property {string} [ReadTimestamp]
 * @property {string} [RecipientParticipantId]
 */

/**
 * @typedef {object} Item connectparticipant's Item, as far as the page reads it
 * @property {string} Id
 * @property {string} AbsoluteTime ISO-8601, UTC, milliseconds
 * @property {string} Type
 * @property {string} ContentType
 * @property {string} [Content]
 * @property {string} [ParticipantId]
 * @property {string} [ParticipantRole]
 * @property {string} [DisplayName]
 * @property {Attachment[]} [Attachments]
 * @property {{ MessageId?: string, Receipts?: Receipt[], MessageProcessingStatus?: string, MessageCompleted?: boolean, ChunkNumber?: number }} [MessageMetadata]
 */

const EVENT = "application/vnd.amazonaws.connect.event.";

/**
 * The short name of an event item (`typing`, `participant.joined`, `chat.ended`), or `null` for what is not an event.
 * @param {Item} item
 */
export function eventName(item) {
  return item.ContentType?.startsWith(EVENT) ? item.ContentType.slice(EVENT.length) : null;
}

/**
 * Typing and receipts pass by; everything else stays in the transcript.
 * @param {Item} item
 */
export function isKept(item) {
  const name = eventName(item);
  return typeof item.Id === "string" && name !== "typing" && !name?.startsWith("message.") && !name?.startsWith("connection.");
}

/**
 * The items of both, each `Id` once. `page` is in the server's order, which wins; an item that only `known` has goes
 * where its time puts it.
 * @param {Item[]} known
 * @param {Item[]} page
 * @returns {Item[]}
 */
export function merge(known, page) {
  const fresh = new Map(page.filter(isKept).map((item) => [item.Id, item]));
  const merged = [...fresh.values()];
  for (const item of known) {
    if (!fresh.has(item.Id)) insert(merged, item);
  }
  return merged;
}

/**
 * One more item, where its time puts it: nearly always at the end.
 * @param {Item[]} items changed in place
 * @param {Item} item not yet among them
 * @returns {Item[]} `items`
 */
export function insert(items, item) {
  let at = items.length;
  while (at > 0 && items[at - 1].AbsoluteTime > item.AbsoluteTime) at -= 1;
  items.splice(at, 0, item);
  return items;
}

/**
 * What an item becomes when another with its `Id` comes: a part of a message that is still being said is added, the whole
 * message and everything else replaces.
 * @param {Item} known
 * @param {Item} fresh
 * @returns {Item}
 */
export function renewed(known, fresh) {
  const { MessageCompleted, ChunkNumber } = fresh.MessageMetadata ?? {};
  // What a message had on its way (parts, a processor) is over with the whole of it; receipts are kept elsewhere.
  if (MessageCompleted !== false || ChunkNumber === undefined) return { ...known, MessageMetadata: undefined, ...fresh };
  if (known.MessageMetadata?.MessageCompleted !== false || ChunkNumber <= (known.MessageMetadata.ChunkNumber ?? 0)) return known;
  return { ...known, ...fresh, Content: (known.Content ?? "") + (fresh.Content ?? "") };
}
