// A conversation to keep: as text to read, as JSON to work with.

import { translator } from "../base/i18n.js";
import { chosen } from "./interactive.js";
import { rowsOf } from "./rows.js";
import { eventName } from "./transcript.js";

/**
 * @param {import("./participant.js").Participant} participant
 * @param {string} language
 */
export function asText(participant, language) {
  const say = translator(language);
  const when = new Intl.DateTimeFormat(language, { dateStyle: "short", timeStyle: "medium" });
  const lines = rowsOf(participant).flatMap(({ item, line, own, at, outgoing }) => {
    const role = item?.ParticipantRole ?? (own ? "CUSTOMER" : "SYSTEM");
    const name = role === "SYSTEM" ? say("system.name") : item?.DisplayName || say(`role.${role}`);
    const time = when.format(new Date(at));
    if (line) return [`[${time}] – ${say(line, { name })}`];
    if (!item && !outgoing) return [];
    const files = item?.Attachments?.map((one) => one.AttachmentName).join(", ");
    const content = item?.Content ?? outgoing?.text ?? "";
    const unsent = item && !item.MessageMetadata?.MessageProcessingStatus ? "" : ` (${say("message.unsent")})`;
    return [`[${time}] ${own ? `${name} (${say("role.you")})` : name}${unsent}: ${files ?? chosen(content) ?? content}`];
  });
  return `${lines.join("\n")}\n`;
}

/**
 * @param {import("./participant.js").Participant} participant
 * @param {string} contactId
 */
export function asJson(participant, contactId) {
  const items = participant.items.map((item) => {
    const event = eventName(item);
    return {
      id: item.Id,
      at: item.AbsoluteTime,
      role: item.ParticipantRole ?? (item.ParticipantId === participant.participantId ? "CUSTOMER" : undefined),
      name: item.DisplayName,
      ...(event === null ? { contentType: item.ContentType, content: item.Content } : { event }),
      ...(item.Attachments ? { attachments: item.Attachments.map((one) => ({ name: one.AttachmentName, contentType: one.ContentType })) } : {}),
    };
  });
  return `${JSON.stringify({ contactId, items }, null, 2)}\n`;
}

/**
 * Hands a file to the browser.
 * @param {string} name
 * @param {string} type
 * @param {string} content
 */
export function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
