// A transcript put together from two sources that overlap: what GetTranscript answers and what the websocket brings.

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
 */

const EVENT = "application/vnd.amazonaws.connect.event.";

/** The short name of an event item (`typing`, `participant.joined`, `chat.ended`), or `null` for what is not an event. */
export function eventName(item) {
  return item.ContentType?.startsWith(EVENT) ? item.ContentType.slice(EVENT.length) : null;
}

/** Typing and receipts pass by; everything else stays in the transcript. */
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
    if (fresh.has(item.Id)) continue;
    let at = merged.length;
    while (at > 0 && merged[at - 1].AbsoluteTime > item.AbsoluteTime) at -= 1;
    merged.splice(at, 0, item);
  }
  return merged;
}

/**
 * One more item, which may be known already.
 * @param {Item[]} known
 * @param {Item} item
 * @returns {Item[]} the same list when nothing is new
 */
export function add(known, item) {
  if (!isKept(item) || known.some((other) => other.Id === item.Id)) return known;
  let at = known.length;
  while (at > 0 && known[at - 1].AbsoluteTime > item.AbsoluteTime) at -= 1;
  return [...known.slice(0, at), item, ...known.slice(at)];
}
