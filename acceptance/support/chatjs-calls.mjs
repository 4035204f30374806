// The calls that amazon-connect-chatjs, as it is published, makes for a short conversation with a participant service: as
// JSON on stdout.

import { ParticipantService } from "./participant.mjs";
import { fromWork, waitFor } from "./relevo.mjs";

globalThis.window = globalThis;
globalThis.self = globalThis;
globalThis.WebSocket = fromWork("ws");
globalThis.navigator ??= { userAgent: `Node ${process.version}`, onLine: true };
globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
globalThis.connect = {};
fromWork("amazon-connect-chatjs");
const { connect } = globalThis;

const service = await ParticipantService.start();
connect.ChatSession.setGlobalConfig({
  region: "us-east-1",
  endpoint: service.url,
  loggerConfig: { useDefaultLogger: false },
  webSocketManagerConfig: { isNetworkOnline: () => true },
});
const session = connect.ChatSession.create({
  type: "CUSTOMER",
  disableCSM: true,
  chatDetails: { contactId: "11111111-1111-4111-8111-111111111111", participantId: "participant-1", participantToken: "participant-token" },
});
const seen = [];
session.onMessage(({ data }) => seen.push(data.Content));
await session.connect();
await waitFor("the subscription", () => service.calls.includes("aws/subscribe"));
await session.getTranscript({ maxResults: 15, scanDirection: "BACKWARD", sortOrder: "ASCENDING" });
service.say("hello");
await waitFor("the message", () => seen.includes("hello"));
await session.sendMessage({ contentType: "text/plain", message: "good day" });
void session.disconnectParticipant();
await waitFor("the end", () => service.calls.includes("disconnect"));
process.stdout.write(JSON.stringify(service.calls.filter((call) => call !== "event")), () => process.exit());
