// Why a file was refused, so that it is said in the customer's words. The server decides; its sentence alone is not understood.

import { ApiError } from "../base/http.js";

/** What Connect takes: the largest file in MB of 1,024² bytes, files of a chat, endings of names. */
export const LIMITS = { megabytes: 20, files: 35, endings: "csv doc docx heic jfif jpeg jpg mov mp4 pdf png ppt pptx rtf txt wav xls xlsx".split(" ") };

/**
 * @param {unknown} error
 * @param {File} file
 * @returns {string} a key of the words; empty where only the server's sentence says it
 */
export function whyRefused(error, { name, size }) {
  if (!(error instanceof ApiError)) return "";
  if (error.type === "Upload" || error.status === 0) return "refused.connection";
  if (error.type === "ServiceQuotaExceededException") return "refused.count";
  // Not this file but any: the operation is not there, or not for this contact.
  if ([403, 404, 405, 501].includes(error.status)) return "refused.off";
  if (error.status !== 400 && error.status !== 413) return "";
  if (size === 0) return "refused.empty";
  if (size > LIMITS.megabytes * 1024 * 1024) return "refused.size";
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  return !LIMITS.endings.includes(ending) || /type/i.test(error.message) ? "refused.type" : "";
}
