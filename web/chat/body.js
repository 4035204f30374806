// The body of one message, by its content type.

import { element } from "../base/dom.js";
import { bytes } from "../base/format.js";
import { chosen, interactive, INTERACTIVE, RESPONSE } from "./interactive.js";
import { linked, markdown } from "./markdown.js";

/**
 * @typedef {object} How
 * @property {import("./interactive.js").Say} say
 * @property {string} language
 * @property {import("./interactive.js").Choose} [choose]
 * @property {(attachment: import("./transcript.js").Attachment) => void} [download]
 */

/**
 * @param {import("./rows.js").Row} row
 * @param {How} how
 * @returns {HTMLElement}
 */
export function body({ item, outgoing, upload, own }, how) {
  if (upload) return element("div", { class: "text files" }, file(upload.file.name, bytes(upload.file.size, how.language)));
  if (item?.Type === "ATTACHMENT") return attachments(item, how);
  const type = item?.ContentType ?? outgoing?.contentType ?? "";
  const content = item?.Content ?? outgoing?.text ?? "";
  if (type === "text/markdown") return element("div", { class: "text markdown" }, markdown(content));
  if (type === INTERACTIVE) {
    const made = interactive(content, own ? { ...how, choose: undefined } : how);
    return made ? element("div", { class: "text interactive" }, made) : plain(how.say("message.not-shown"));
  }
  if (type === RESPONSE || own || item?.ParticipantRole === "CUSTOMER") return plain(chosen(content) ?? content);
  return plain(content);
}

/** @param {string} text */
const plain = (text) => element("p", { class: "text plain" }, linked(text));

/**
 * @param {import("./transcript.js").Item} item
 * @param {How} how
 */
function attachments({ Attachments = [] }, { say, download }) {
  const made = element("div", { class: "text files" });
  for (const one of Attachments) {
    const approved = one.Status === undefined || one.Status === "APPROVED";
    const note = approved ? "" : say(one.Status === "REJECTED" ? "file.rejected" : "file.checking");
    const shown = file(one.AttachmentName, note);
    if (approved && download) {
      shown.append(element("button", { type: "button", class: "small", "aria-label": say("file.download-name", { name: one.AttachmentName }), onclick: () => download(one) }, say("file.download")));
    }
    made.append(shown);
  }
  if (Attachments.length === 0) made.append(say("message.attachment"));
  return made;
}

/**
 * @param {string} name
 * @param {string} note
 */
function file(name, note) {
  return element("div", { class: "file" }, element("span", { class: "file-name" }, name), note !== "" && element("span", { class: "quiet-text" }, note));
}
