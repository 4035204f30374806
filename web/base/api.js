// The server's operations as functions: one origin, JSON in, JSON out, one kind of error.

const TIMEOUT_MS = 15_000;

/** What the server refused, or (`status` 0) that it could not be reached. */
export class ApiError extends Error {
  constructor(status, type, message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  /** The same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The token is not, or no longer, good. */
  get denied() {
    return this.status === 401 || this.status === 403;
  }
}

async function call(method, path, { bearer, body } = {}) {
  const headers = {};
  if (body !== undefined) headers["content-type"] = "application/json";
  if (bearer) headers["x-amz-bearer"] = bearer;
  let answer, text;
  try {
    answer = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: "no-store",
    });
    text = await answer.text();
  } catch (cause) {
    throw new ApiError(0, "Unreachable", String(cause?.message ?? cause));
  }
  let value;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    value = null;
  }
  if (!answer.ok) {
    const type = answer.headers.get("x-amzn-errortype") ?? value?.__type ?? String(answer.status);
    throw new ApiError(answer.status, type.split(":")[0], value?.Message ?? value?.message ?? answer.statusText);
  }
  if (value === null) throw new ApiError(502, "NotJson", "The server's answer is not JSON.");
  return value;
}

const segment = encodeURIComponent;

/** Names and ids of what runs here. */
export const info = () => call("GET", "/relevo/info");

/** Connect's StartChatContact. */
export const startChat = ({ instanceId, contactFlowId, displayName, language, clientToken }) =>
  call("PUT", "/contact/chat", {
    body: {
      InstanceId: instanceId,
      ContactFlowId: contactFlowId,
      Attributes: { language },
      ParticipantDetails: { DisplayName: displayName },
      ClientToken: clientToken,
    },
  });

/** CreateParticipantConnection: a websocket and a connection token for a participant token. */
export const connection = (participantToken, connectParticipant) =>
  call("POST", "/participant/connection", {
    bearer: participantToken,
    body: {
      Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
      ...(connectParticipant ? { ConnectParticipant: true } : {}),
    },
  });

/** SendMessage. The same client token is said once, however often it is sent. */
export const sendMessage = (connectionToken, content, clientToken) =>
  call("POST", "/participant/message", {
    bearer: connectionToken,
    body: { ContentType: "text/plain", Content: content, ClientToken: clientToken },
  });

/** SendEvent. */
export const sendEvent = (connectionToken, contentType) =>
  call("POST", "/participant/event", { bearer: connectionToken, body: { ContentType: contentType } });

/** GetTranscript from the end backwards, a page in ascending order. */
export const transcriptPage = (connectionToken, nextToken) =>
  call("POST", "/participant/transcript", {
    bearer: connectionToken,
    body: {
      MaxResults: 100,
      ScanDirection: "BACKWARD",
      SortOrder: "ASCENDING",
      ...(nextToken ? { NextToken: nextToken } : {}),
    },
  });

/** DisconnectParticipant. */
export const disconnect = (connectionToken) =>
  call("POST", "/participant/disconnect", { bearer: connectionToken, body: {} });

/** Contacts that wait at the desk or are with a person. */
export const deskContacts = () => call("GET", "/relevo/desk/contacts");

/** A person takes a waiting contact. */
export const deskAccept = (contactId, displayName) =>
  call("POST", `/relevo/desk/contacts/${segment(contactId)}/accept`, { body: { displayName } });

/** Every contact, newest first. */
export const inspectorContacts = () => call("GET", "/relevo/inspector/contacts");

/** One contact from the inside. */
export const inspectorContact = (contactId) => call("GET", `/relevo/inspector/contacts/${segment(contactId)}`);
