// A conversation on the screen: the transcript, what is on its way, who is typing.

import { element, reconcile, setText } from "../base/dom.js";
import { clock } from "../base/format.js";
import { translator } from "../base/i18n.js";
import { eventName } from "./transcript.js";

/** How near to the end counts as reading along. */
const NEAR_PX = 80;

const LINES = {
  "participant.joined": "line.joined",
  "participant.left": "line.left",
  "chat.ended": "line.ended",
  "transfer.succeeded": "line.transferred",
  "transfer.failed": "line.transfer-failed",
};

/** Draws one participant's conversation into a log and a typing line. */
export class Conversation {
  /**
   * @param {HTMLElement} log the scrolling `role=log`
   * @param {HTMLElement} typing the line under it
   */
  constructor(log, typing) {
    this.log = log;
    this.typing = typing;
    this.shown = null;
    this.language = "";
    this.written = 0;
    /** Whether the end is being read, and is to stay in sight. */
    this.following = true;
    log.addEventListener("scroll", () => {
      this.following = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_PX;
    });
    new ResizeObserver(() => this.#follow()).observe(log);
  }

  /**
   * @param {import("./participant.js").Participant | null} participant
   * @param {string} language
   */
  draw(participant, language) {
    const changed = participant !== this.shown || language !== this.language;
    if (changed) this.log.replaceChildren();
    this.shown = participant;
    this.language = language;
    const say = translator(language);
    const written = participant?.outbox.length ?? 0;
    if (changed || written > this.written) this.following = true;
    this.written = written;

    reconcile(
      this.log,
      participant ? rows(participant) : [],
      (row) => row.key,
      (row) => (row.line ? line(row, say) : message(row, language, say)),
      (made, row) => (row.outgoing ? updateOutgoing(made, row, participant, say) : settle(made)),
    );
    const who = participant?.typing;
    this.typing.classList.toggle("shown", Boolean(who));
    setText(this.typing.firstElementChild ?? this.typing, who ? say("line.typing", { name: shownName(who, say) }) : "");
    this.#follow();
  }

  #follow() {
    if (this.following) this.log.scrollTop = this.log.scrollHeight;
  }
}

function rows(participant) {
  const said = participant.items.flatMap((item) => {
    const key = participant.keyOf(item);
    const event = eventName(item);
    if (event !== null) return LINES[event] ? [{ key: `${key} ${event}`, line: LINES[event], item }] : [];
    return [{ key, item, own: item.ParticipantId === participant.participantId }];
  });
  const onTheirWay = participant.outbox
    .filter((one) => !one.echoed)
    .map((one) => ({ key: one.clientToken, outgoing: one, own: true }));
  return [...said, ...onTheirWay];
}

function line({ line: text, item }, say) {
  return element("p", { class: "line" }, say(text, { name: shownName({ name: item.DisplayName, role: item.ParticipantRole }, say) }));
}

function message({ item, outgoing, own }, language, say) {
  const role = own ? "own" : (item.ParticipantRole ?? "SYSTEM").toLowerCase().replace("_", "-");
  const made = element("article", { class: `message ${role}` });
  const head = element("header", {});
  if (own) head.append(element("span", { class: "hidden" }, say("role.you")));
  else {
    const name = shownName({ name: item.DisplayName, role: item.ParticipantRole }, say);
    head.append(element("strong", {}, name));
    if (item.ParticipantRole !== "SYSTEM") head.append(element("span", { class: "badge" }, say(`role.${item.ParticipantRole}`)));
  }
  const at = outgoing ? Date.now() : item.AbsoluteTime;
  head.append(element("time", { datetime: new Date(at).toISOString() }, clock(at, language)));
  const text = outgoing?.text ?? item.Content ?? (item.Type === "ATTACHMENT" ? say("message.attachment") : "");
  made.append(head, element("p", { class: "text" }, text));
  return made;
}

function updateOutgoing(made, { outgoing }, participant, say) {
  let fate = "message.sending";
  if (participant.state === "ended") fate = "message.unsent";
  else if (outgoing.refused !== null) fate = "message.refused";
  else if (participant.state !== "connected") fate = "message.waiting";
  if (made.dataset.fate === fate) return;
  made.dataset.fate = fate;
  made.querySelector("footer")?.remove();
  const footer = element("footer", {}, element("span", {}, say(fate, { reason: outgoing.refused ?? "" })));
  if (fate === "message.refused") {
    const { clientToken } = outgoing;
    footer.append(
      element("button", { type: "button", class: "quiet", onclick: () => participant.retry(clientToken) }, say("message.retry")),
      element("button", { type: "button", class: "quiet", onclick: () => participant.discard(clientToken) }, say("message.discard")),
    );
  }
  made.append(footer);
}

/** What was on its way has arrived. */
function settle(made) {
  if (!made.dataset.fate) return;
  delete made.dataset.fate;
  made.querySelector("footer")?.remove();
}

/** The flow has no name of its own worth showing. */
function shownName({ name, role }, say) {
  if (role === "SYSTEM" || !role) return say("system.name");
  return name || say(`role.${role}`);
}
