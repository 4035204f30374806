// Amazon Connect's participant service, as its own clients call it. The endpoint is `https://participant.connect.{region}.amazonaws.com`,
// or a `relevo up`; nothing here knows which.

import { ApiError, call } from "../base/http.js";
import { uuid } from "../base/uuid.js";

/** What this client can show, and so what the contact is said to support. */
export const CONTENT_TYPES = [
  "text/plain",
  "text/markdown",
  "application/vnd.amazonaws.connect.message.interactive",
  "application/vnd.amazonaws.connect.message.interactive.response",
];

const UPLOAD_MS = 300_000;

/** @typedef {ReturnType<typeof participantService>} Service */

/**
 * @param {string} [endpoint] without a path; none means the page's own origin
 */
export function participantService(endpoint = "") {
  const base = endpoint.replace(/\/+$/, "");
  /**
   * @param {string} operation
   * @param {string} bearer
   * @param {Record<string, unknown>} body
   */
  const post = (operation, bearer, body) => call("POST", `${base}/participant/${operation}`, { bearer, body });

  return {
    /** CreateParticipantConnection: a websocket and a connection token for a participant token. */
    connection: (/** @type {string} */ participantToken, connectParticipant = false) =>
      post("connection", participantToken, {
        Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
        ...(connectParticipant ? { ConnectParticipant: true } : {}),
      }),

    /** SendMessage. The same client token is said once, however often it is sent. */
    sendMessage: (/** @type {string} */ token, /** @type {string} */ ContentType, /** @type {string} */ Content, /** @type {string} */ ClientToken) =>
      post("message", token, { ContentType, Content, ClientToken }),

    /** SendEvent. */
    sendEvent: (/** @type {string} */ token, /** @type {string} */ ContentType, /** @type {string | undefined} */ Content = undefined) =>
      post("event", token, { ContentType, ...(Content === undefined ? {} : { Content }), ClientToken: uuid() }),

    /** GetTranscript from the end backwards, a page in ascending order. */
    transcriptPage: (/** @type {string} */ token, /** @type {string | undefined} */ NextToken = undefined) =>
      post("transcript", token, { MaxResults: 100, ScanDirection: "BACKWARD", SortOrder: "ASCENDING", StartPosition: {}, ...(NextToken ? { NextToken } : {}) }),

    /** DisconnectParticipant. */
    disconnect: (/** @type {string} */ token) => post("disconnect", token, { ClientToken: uuid() }),

    /**
     * StartAttachmentUpload, the upload itself, CompleteAttachmentUpload.
     * @param {() => string | null} token asked for each call: an upload may outlive a token
     * @param {File} file
     * @param {string} ClientToken
     * @param {(share: number) => void} onProgress from 0 to 1
     * @param {AbortSignal} signal
     */
    async upload(token, file, ClientToken, onProgress, signal) {
      const { AttachmentId, UploadMetadata } = await post("start-attachment-upload", token() ?? "", {
        ContentType: file.type || "application/octet-stream",
        AttachmentSizeInBytes: file.size,
        AttachmentName: file.name,
        ClientToken,
      });
      await put(UploadMetadata.Url, UploadMetadata.HeadersToInclude ?? {}, file, onProgress, signal);
      await post("complete-attachment-upload", token() ?? "", { AttachmentIds: [AttachmentId], ClientToken: uuid() });
    },

    /** GetAttachment: where the file can be had for a short while. */
    attachmentUrl: (/** @type {string} */ token, /** @type {string} */ AttachmentId) =>
      post("attachment", token, { AttachmentId }).then(({ Url }) => /** @type {string} */ (Url)),
  };
}

/**
 * Puts a file where the server said. By XMLHttpRequest, since `fetch` tells nothing of how far an upload has come.
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {File} file
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal
 */
function put(url, headers, file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.timeout = UPLOAD_MS;
    for (const [name, value] of Object.entries(headers)) {
      // A browser says these itself, and lets nobody else.
      if (!/^(content-length|host)$/i.test(name)) request.setRequestHeader(name, value);
    }
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => lengthComputable && onProgress(loaded / total));
    const fail = (/** @type {string} */ why) => reject(new ApiError(request.status, "Upload", why));
    request.addEventListener("load", () => (request.status >= 200 && request.status < 300 ? resolve(undefined) : fail(request.statusText || String(request.status))));
    request.addEventListener("error", () => fail("the connection broke"));
    request.addEventListener("timeout", () => fail("it took too long"));
    request.addEventListener("abort", () => fail("cancelled"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}
