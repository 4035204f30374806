// The operations of `relevo up` beside Connect's own: what runs here, the desk, the inspector.

import { ApiError, call } from "./http.js";

export { ApiError };

const segment = encodeURIComponent;

/** Names and ids of what runs here. */
export const info = () => call("GET", "/relevo/info");

/** Contacts that wait at the desk or are with a person. */
export const deskContacts = () => call("GET", "/relevo/desk/contacts");

/** A person takes a waiting contact. */
export const deskAccept = (contactId, displayName) =>
  call("POST", `/relevo/desk/contacts/${segment(contactId)}/accept`, { body: { displayName } });

/** Every contact, newest first. */
export const inspectorContacts = () => call("GET", "/relevo/inspector/contacts");

/** One contact from the inside. */
export const inspectorContact = (contactId) => call("GET", `/relevo/inspector/contacts/${segment(contactId)}`);
