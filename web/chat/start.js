// How a chat begins. StartChatContact needs credentials, so on a company's site its own backend asks (`start-url`); a
// `relevo up` on this machine is asked directly.

import { call } from "../base/http.js";
import { CONTENT_TYPES } from "./service.js";

/**
 * @typedef {object} Started
 * @property {string} contactId
 * @property {string} participantId
 * @property {string} participantToken
 */

/**
 * @param {object} how
 * @param {string} how.endpoint the participant service, which for a `relevo up` is Connect as well
 * @param {string | null} how.startUrl the company's backend
 * @param {string | null} how.instance
 * @param {string | null} how.flow
 * @param {string} how.displayName
 * @param {Record<string, string>} how.attributes
 * @param {string} how.clientToken the same for every attempt until one is known to have worked
 * @returns {Promise<Started>}
 */
export async function startChat({ endpoint, startUrl, instance, flow, displayName, attributes, clientToken }) {
  const request = {
    ...(instance ? { InstanceId: instance } : {}),
    ...(flow ? { ContactFlowId: flow } : {}),
    Attributes: attributes,
    ParticipantDetails: { DisplayName: displayName },
    SupportedMessagingContentTypes: CONTENT_TYPES,
    ClientToken: clientToken,
  };
  const answer = startUrl ? await call("POST", startUrl, { body: request }) : await direct(endpoint.replace(/\/+$/, ""), request);
  // AWS's own example of such a backend wraps the answer; plain StartChatContact's is good as well.
  const started = answer?.data?.startChatResult ?? answer;
  if (typeof started?.ParticipantToken !== "string") throw new Error("the answer has no ParticipantToken");
  return { contactId: started.ContactId, participantId: started.ParticipantId, participantToken: started.ParticipantToken };
}

/**
 * @param {string} base
 * @param {{ InstanceId?: string, ContactFlowId?: string }} request
 */
async function direct(base, request) {
  const known = request.InstanceId && request.ContactFlowId ? {} : await call("GET", `${base}/relevo/info`);
  return call("PUT", `${base}/contact/chat`, { body: { InstanceId: known.instanceId, ContactFlowId: known.contactFlowId, ...request } });
}
