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

/** The desk: agents, queues, quick texts, outcomes. */
export const desk = () => call("GET", "/relevo/desk");

/** An agent's status, how many chats it takes at a time, and the queues that it serves (`[]`: all; `undefined`: as before). */
export const setAgent = (name, status, maxChats, queues) => call("PUT", `/relevo/desk/agents/${segment(name)}`, { body: { status, maxChats, queues } });

/** What a person does with a contact: `reject`, `transfer`, `end`, `outcome`, `close`. */
export const deskDo = (contactId, what, body = {}) => call("POST", `/relevo/desk/contacts/${segment(contactId)}/${what}`, { body });

/** A flow as a graph. */
export const flow = (flowId) => call("GET", `/relevo/inspector/flows/${segment(flowId)}`);

/** Contacts, found by what is known of them. */
export const search = (query) => call("GET", `/relevo/inspector/search?${new URLSearchParams(query)}`);

/** Where a contact is to be had as a conversation for `relevo test`. */
export const conversationUrl = (contactId) => `/relevo/inspector/contacts/${segment(contactId)}/conversation`;

/** The figures of all contacts. */
export const overview = () => call("GET", "/relevo/overview");

/** What can be tried. */
export const settings = () => call("GET", "/relevo/settings");
export const faults = (set) => call("PUT", "/relevo/faults", { body: { set } });
export const changeSettings = (change) => call("PUT", "/relevo/settings", { body: change });
