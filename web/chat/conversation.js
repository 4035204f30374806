// A conversation on the screen: the transcript, what is on its way, who is typing. However much comes, it is drawn once a frame.

import "./texts.js";
import { element, setText } from "../base/dom.js";
import { bytes, clock } from "../base/format.js";
import { translator } from "../base/i18n.js";
import { body } from "./body.js";
import { LIMITS } from "./refusals.js";
import { rowsOf } from "./rows.js";

/** How near to the end counts as reading along. */
const NEAR_PX = 80;
/** What is measured only when it is in sight moves the end; it is at rest after a few frames. */
const SETTLING_FRAMES = 4;

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./participant.js").Participant} Participant */

/** Draws one participant's conversation into a log and a typing line. */
export class Conversation {
  /**
   * @param {HTMLElement} log the scrolling `role=log`
   * @param {HTMLElement} typing the line under it
   * @param {{ choose?: (text: string) => void }} [options] `choose` answers an interactive message
   */
  constructor(log, typing, { choose } = {}) {
    this.#log = log;
    this.#typing = typing;
    this.#choose = choose;
    this.#latest = /** @type {HTMLButtonElement} */ (element("button", { type: "button", class: "latest small", hidden: true, onclick: () => this.#toEnd() }));
    log.after(this.#latest);
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#follow()).observe(log);
    document.addEventListener("visibilitychange", () => this.#noteRead());
  }

  #log;
  #typing;
  #choose;
  #latest;
  /** @type {Participant | null} */
  #shown = null;
  #language = "";
  #written = 0;
  /** @type {Map<string, { made: HTMLElement, row: Row }>} */
  #rows = new Map();
  /** Whether the end is being read, and is to stay in sight. */
  #following = true;
  #top = 0;
  #frame = 0;
  #settling = 0;

  /**
   * @param {Participant | null} participant
   * @param {string} language
   */
  draw(participant, language) {
    const written = participant ? participant.outbox.length + participant.uploads.all.length : 0;
    if (participant !== this.#shown || language !== this.#language) {
      this.#log.replaceChildren();
      this.#rows.clear();
      this.#following = true;
    }
    if (written > this.#written) this.#following = true;
    this.#written = written;
    this.#shown = participant;
    this.#language = language;
    // Out of sight there are no frames; what is written then is drawn then.
    if (document.hidden) this.#now();
    else this.#frame ||= requestAnimationFrame(() => this.#now());
  }

  #now() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const participant = this.#shown;
    const say = translator(this.#language);
    const fresh = this.#reconcile(participant ? rowsOf(participant) : [], say);
    const who = participant?.typing;
    this.#typing.classList.toggle("shown", Boolean(who));
    setText(this.#typing.firstElementChild ?? this.#typing, who ? say("line.typing", { name: nameOf(who.name, who.role, say) }) : "");
    if (fresh && !this.#following) {
      setText(this.#latest, say("line.latest"));
      this.#latest.hidden = false;
    }
    this.#follow();
    this.#noteRead();
  }

  /**
   * @param {Row[]} rows
   * @param {import("./interactive.js").Say} say
   * @returns {boolean} whether somebody else's message came at the end
   */
  #reconcile(rows, say) {
    const known = this.#rows;
    /** @type {Map<string, { made: HTMLElement, row: Row }>} */
    const next = new Map();
    let fresh = false;
    let place = this.#log.firstElementChild;
    for (const row of rows) {
      const before = known.get(row.key);
      const made = before?.made ?? (row.line ? line(row, say) : message(row, this.#language, say));
      if (!before && !row.own && !row.line) fresh = true;
      if (!row.line) this.#update(made, row, before?.row, say);
      next.set(row.key, { made, row });
      known.delete(row.key);
      if (made === place) place = place.nextElementSibling;
      else this.#log.insertBefore(made, place);
    }
    for (const { made } of known.values()) made.remove();
    this.#rows = next;
    return fresh;
  }

  /**
   * @param {HTMLElement} made
   * @param {Row} row
   * @param {Row | undefined} before as it was drawn last
   * @param {import("./interactive.js").Say} say
   */
  #update(made, row, before, say) {
    const participant = /** @type {Participant} */ (this.#shown);
    if (!before || (before.item !== row.item && before.item?.Content !== row.item?.Content) || before.item?.Attachments !== row.item?.Attachments) {
      const drawn = body(row, { say, language: this.#language, choose: this.#choose, download: (one) => void download(participant, one) });
      const old = made.querySelector(":scope > .text");
      // A message that was on its way is what it was: nothing is said twice to who listens.
      if (!old) made.querySelector(":scope > header")?.after(drawn);
      else if (before?.outgoing === undefined || old.textContent !== drawn.textContent) old.replaceWith(drawn);
    }
    if (before?.open !== row.open) for (const option of made.querySelectorAll(".option")) /** @type {HTMLButtonElement} */ (option).disabled = !row.open || !this.#choose;
    made.classList.toggle("again", row.again);
    made.classList.toggle("last", row.last);
    if (row.own) fate(made, row, before, participant, this.#language, say);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) this.#following = true;
    else if (scrollTop < this.#top - 2) this.#following = false;
    this.#top = scrollTop;
    if (this.#following) this.#latest.hidden = true;
    this.#noteRead();
  }

  #toEnd() {
    this.#following = true;
    this.#latest.hidden = true;
    this.#log.focus({ preventScroll: true });
    this.#follow();
  }

  #follow() {
    if (!this.#following) return;
    this.#settling = SETTLING_FRAMES;
    const step = () => {
      if (!this.#following) return;
      this.#log.scrollTop = this.#log.scrollHeight;
      this.#settling -= 1;
      if (this.#settling > 0) requestAnimationFrame(step);
    };
    step();
  }

  #noteRead() {
    if (this.#shown && this.#following && !document.hidden && this.#log.clientHeight > 0) this.#shown.receipts.read();
  }
}

/**
 * @param {Row} row
 * @param {import("./interactive.js").Say} say
 */
function line({ line: text = "", item }, say) {
  return element("p", { class: "line" }, say(text, { name: nameOf(item?.DisplayName, item?.ParticipantRole, say) }));
}

/**
 * @param {Row} row
 * @param {string} language
 * @param {import("./interactive.js").Say} say
 */
function message({ item, own, at }, language, say) {
  const speaker = item?.ParticipantRole ?? "SYSTEM";
  const made = element("article", { class: `message ${own ? "own" : speaker.toLowerCase().replace("_", "-")}` });
  const head = element("header", {});
  if (own) head.append(element("span", { class: "hidden" }, say("role.you")));
  else {
    head.append(element("strong", {}, nameOf(item?.DisplayName, speaker, say)));
    if (speaker !== "SYSTEM") head.append(element("span", { class: "badge" }, say(`role.${speaker}`)));
    head.append(element("time", { datetime: new Date(at).toISOString() }, clock(at, language)));
  }
  made.append(head);
  return made;
}

/** @type {Record<string, string>} */
const TICKS = { "message.sent": "✓", "message.delivered": "✓✓", "message.read": "✓✓" };

/**
 * What has become of a message of ours.
 * @param {HTMLElement} made
 * @param {Row} row
 * @param {Row | undefined} before
 * @param {Participant} participant
 * @param {string} language
 * @param {import("./interactive.js").Say} say
 */
function fate(made, row, before, participant, language, say) {
  const { outgoing, upload } = row;
  const bar = made.querySelector("progress");
  if (upload && bar) bar.value = upload.share;
  if (before?.fate === row.fate && Boolean(before.item) === Boolean(row.item)) return;
  made.querySelector(":scope > footer")?.remove();
  const footer = element("footer", {});
  if (row.item && row.fate !== "message.unsent") {
    delete made.dataset.fate;
    footer.append(
      element("time", { datetime: new Date(row.at).toISOString() }, clock(row.at, language)),
      element("span", { class: `tick ${row.fate.replace(".", "-")}`, role: "img", "aria-label": say(row.fate), title: say(row.fate) }, TICKS[row.fate] ?? ""),
    );
  } else {
    made.dataset.fate = row.fate;
    const why = upload?.why ?? "";
    const limits = { most: bytes(LIMITS.megabytes * 1e6, language), count: LIMITS.files, endings: LIMITS.endings.join(", ") };
    footer.append(element("span", {}, say(row.fate, { reason: why ? say(why, limits) : (outgoing?.refused ?? upload?.reason ?? "") })));
    // The same file would be refused again, and a chat that is over takes none.
    const again = row.fate === "message.refused" && participant.state !== "ended" && (!why || why === "refused.connection");
    const { retry, discard } = outgoing
      ? { retry: () => participant.retry(outgoing.clientToken), discard: () => participant.discard(outgoing.clientToken) }
      : { retry: () => participant.uploads.retry(row.key), discard: () => participant.uploads.discard(row.key) };
    if (upload && row.fate !== "message.refused") footer.append(element("progress", { max: "1", value: String(upload.share), "aria-label": say("file.sending", { name: upload.file.name }) }));
    if (again) footer.append(element("button", { type: "button", class: "quiet", onclick: retry }, say("message.retry")));
    if (row.fate === "message.refused" || upload) footer.append(element("button", { type: "button", class: "quiet", onclick: discard }, say("message.discard")));
  }
  made.append(footer);
}

/**
 * @param {Participant} participant
 * @param {import("./transcript.js").Attachment} attachment
 */
async function download(participant, { AttachmentId, AttachmentName }) {
  const url = await participant.attachmentUrl(AttachmentId).catch(() => null);
  if (!url) return;
  const link = element("a", { href: url, download: AttachmentName, target: "_blank", rel: "noopener noreferrer" });
  document.body.append(link);
  link.click();
  link.remove();
}

/**
 * The flow has no name of its own worth showing.
 * @param {string | undefined} name
 * @param {string | undefined} role
 * @param {import("./interactive.js").Say} say
 */
function nameOf(name, role, say) {
  if (role === "SYSTEM" || !role) return say("system.name");
  return name || say(`role.${role}`);
}
