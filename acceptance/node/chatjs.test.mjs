// The customer's side with amazon-connect-chatjs as it is published; only the endpoint is changed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { fromWork, Relevo, waitFor } from "../support/relevo.mjs";

// What the library expects of a browser.
globalThis.window = globalThis;
globalThis.self = globalThis;
globalThis.WebSocket = fromWork("ws");
globalThis.navigator ??= { userAgent: `Node ${process.version}`, onLine: true };
globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};
globalThis.connect = {};
fromWork("amazon-connect-chatjs");
const { connect } = globalThis;

const ADDRESS = /acacias/i;
const PLAIN = "text/plain";

let relevo;
before(async () => {
  relevo = await Relevo.start();
  connect.ChatSession.setGlobalConfig({
    region: "us-east-1",
    endpoint: relevo.url,
    loggerConfig: { useDefaultLogger: false },
    webSocketManagerConfig: { isNetworkOnline: () => true },
  });
});
after(async () => {
  await relevo?.stop();
  // The library keeps timers of its own.
  setTimeout(() => process.exit(), 500).unref();
});

/** Starts a chat and connects; everything the library tells is kept. */
async function chat(language = "es", name = "Ana") {
  const info = await relevo.call("GET", "/relevo/info");
  const started = await relevo.call("PUT", "/contact/chat", {
    InstanceId: info.instanceId,
    ContactFlowId: info.contactFlowId,
    Attributes: { language },
    ParticipantDetails: { DisplayName: name },
  });
  const session = connect.ChatSession.create({
    type: "CUSTOMER",
    disableCSM: true,
    chatDetails: { contactId: started.ContactId, participantId: started.ParticipantId, participantToken: started.ParticipantToken },
  });
  const seen = { messages: [], typing: [], ended: 0, established: 0, broken: 0 };
  session.onMessage(({ data }) => seen.messages.push(data));
  session.onTyping(({ data }) => seen.typing.push(data));
  session.onEnded(() => (seen.ended += 1));
  session.onConnectionEstablished(() => (seen.established += 1));
  session.onConnectionBroken(() => (seen.broken += 1));
  await session.connect();
  const said = (role) => seen.messages.filter((item) => item.Type === "MESSAGE" && item.ParticipantRole === role).map((item) => item.Content);
  const events = (type) => seen.messages.filter((item) => item.ContentType === `application/vnd.amazonaws.connect.event.${type}`);
  return {
    session,
    seen,
    said,
    events,
    contactId: started.ContactId,
    participantId: started.ParticipantId,
    say: (message) => session.sendMessage({ contentType: PLAIN, message }),
    greeted: () => waitFor("the greeting", () => said("CUSTOM_BOT").length > 0),
    ask: async (message, wanted) => {
      const known = said("CUSTOM_BOT").length;
      await session.sendMessage({ contentType: PLAIN, message });
      return waitFor(`an answer with ${wanted} to: ${message}`, () => said("CUSTOM_BOT").slice(known).find((text) => wanted.test(text)));
    },
  };
}

test("connects, and hears who is there and the greeting", async () => {
  const customer = await chat();
  await customer.greeted();
  await waitFor("the connection", () => customer.seen.established >= 1);
  // The customer joined before there was a socket to hear it by: the transcript has it.
  const joined = await waitFor("the bot's arrival", () => customer.events("participant.joined").find((item) => item.ParticipantRole === "CUSTOM_BOT"));
  assert.ok(joined.DisplayName);
  const items = (await customer.session.getTranscript({ maxResults: 100, sortOrder: "ASCENDING" })).data.Transcript;
  assert.ok(items.some((item) => item.ContentType.endsWith("participant.joined") && item.ParticipantRole === "CUSTOMER"));
  assert.equal(customer.seen.broken, 0);
});

test("hears its own messages back, and typing while the bot works", async () => {
  const customer = await chat();
  await customer.greeted();
  const sent = await customer.say("hola, ¿dónde está mi pedido 10020030? rut 12345678-9");
  assert.ok(sent.data.Id);
  await waitFor("the echo", () => customer.seen.messages.some((item) => item.Id === sent.data.Id && item.ParticipantRole === "CUSTOMER"));
  await waitFor("typing", () => customer.seen.typing.some((item) => item.ParticipantRole === "CUSTOM_BOT"));
  await waitFor("the answer", () => customer.said("CUSTOM_BOT").some((text) => ADDRESS.test(text)));
});

test("reads the transcript with the library's own defaults, by pages", async () => {
  const customer = await chat();
  await customer.greeted();
  await customer.ask("pedido 10020040, documento 44444444-4", ADDRESS);
  const { data } = await customer.session.getTranscript({});
  assert.ok(data.Transcript.length > 0);
  const all = [];
  let nextToken;
  do {
    const page = await customer.session.getTranscript({ maxResults: 2, sortOrder: "ASCENDING", scanDirection: "BACKWARD", nextToken });
    all.unshift(...page.data.Transcript.map((item) => item.Id));
    nextToken = page.data.NextToken;
  } while (nextToken);
  const whole = await customer.session.getTranscript({ maxResults: 100, sortOrder: "ASCENDING" });
  assert.deepEqual(all, whole.data.Transcript.map((item) => item.Id));
});

for (const [language, ask, ticket, status, person] of [
  ["es", "dime por favor qué hay de la orden 10020030, mi documento es 12345678-9", "abre un reclamo por ese pedido: llegó con el vidrio roto", "¿cómo va el reclamo NUMBER?", "que me atienda una persona"],
  ["en", "could you check on order 10020030? my document is 12345678-9", "please open a ticket for that order: the glass arrived broken", "any progress with ticket NUMBER?", "I would rather talk to a person"],
]) {
  test(`the whole conversation (${language})`, async () => {
    const customer = await chat(language);
    await customer.greeted();
    await customer.ask(ask, ADDRESS);
    // The bot may want to hear again what it was told before: it is told, once each.
    let made = await customer.ask(ticket, /./);
    for (const more of ["10020030", "12345678-9", "vidrio roto / broken glass"]) {
      if (/\d{9,}/.test(made)) break;
      made = await customer.ask(more, /./);
    }
    const number = made.match(/(?<!\d)\d{9,}(?!\d)/)?.[0];
    assert.ok(number, made);
    let told = await customer.ask(status.replace("NUMBER", number), /./);
    if (!/abiert|open/i.test(told)) told = await customer.ask("12345678-9", /abiert|open/i);

    await customer.say(person);
    const waiting = await relevo.queued(customer.contactId);
    assert.equal(waiting.customerDisplayName, "Ana");
    assert.ok(Object.keys(waiting.attributes).length > 1, JSON.stringify(waiting.attributes));
    await waitFor("the bot's leaving", () => customer.events("participant.left").some((item) => item.ParticipantRole === "CUSTOM_BOT"));

    const agent = await relevo.accept(customer.contactId, "Enrique");
    await waitFor("the person", () => customer.events("participant.joined").some((item) => item.DisplayName === "Enrique"));
    await agent.typing();
    await waitFor("the person's typing", () => customer.seen.typing.some((item) => item.ParticipantRole === "AGENT"));
    await agent.say("Hola, soy Enrique");
    await waitFor("the person's words", () => customer.said("AGENT").includes("Hola, soy Enrique"));
    const bot = customer.said("CUSTOM_BOT").length;
    await customer.say("hola Enrique");
    await waitFor("the customer's words", async () => (await agent.messages("CUSTOMER")).includes("hola Enrique"));
    await agent.leave();
    await waitFor("the end", () => customer.seen.ended === 1);
    assert.equal(customer.said("CUSTOM_BOT").length, bot, "the bot spoke after the hand-off");
    const ids = customer.seen.messages.map((item) => item.Id);
    assert.equal(new Set(ids).size, ids.length, "an item came twice");
  });
}

test("sends a file and gets it back; the person gets it too", async () => {
  const customer = await chat("en");
  await customer.greeted();
  const content = Buffer.alloc(100_000, "bill ");
  await customer.session.sendAttachment({ attachment: new File([content], "bill año.pdf", { type: "application/pdf" }) });
  const heard = () => customer.seen.messages.filter((item) => item.Type === "ATTACHMENT").map((item) => item.Attachments[0]);
  await waitFor("the scanner", () => heard().some((file) => file.Status === "APPROVED"));
  assert.deepEqual(heard().map((file) => [file.Status, file.AttachmentName, file.ContentType]), ["IN_PROGRESS", "APPROVED"].map((status) => [status, "bill año.pdf", "application/pdf"]));
  const attachmentId = heard()[0].AttachmentId;
  const mine = await customer.session.downloadAttachment({ attachmentId });
  assert.deepEqual([mine.type, Buffer.from(await mine.arrayBuffer()).equals(content)], ["application/pdf", true]);
  await waitFor("the bot's word on it", () => customer.said("CUSTOM_BOT").length > 1);

  await customer.say("I want to talk to a person");
  await relevo.queued(customer.contactId);
  const agent = await relevo.accept(customer.contactId, "Enrique");
  const theirs = await agent.attachment(attachmentId);
  assert.ok(theirs.equals(content));
  await agent.leave();
  await assert.rejects(customer.session.sendAttachment({ attachment: new File(["x"], "page.html", { type: "text/html" }) }));
});

test("ends the chat, and hears that it has ended", async () => {
  const customer = await chat();
  await customer.greeted();
  await customer.session.disconnectParticipant();
  await waitFor("the end", () => customer.seen.ended === 1);
  await assert.rejects(customer.say("hola"));
});

test("its own typing is heard by the person", async () => {
  const customer = await chat("en");
  await customer.greeted();
  await customer.say("I want to talk to a person");
  await relevo.queued(customer.contactId);
  const agent = await relevo.accept(customer.contactId, "Berta");
  const TYPING = "application/vnd.amazonaws.connect.event.typing";
  await customer.session.sendEvent({ contentType: TYPING });
  await waitFor("the typing", () => agent.heard.some((item) => item.ContentType === TYPING && item.ParticipantRole === "CUSTOMER"));
  await customer.session.disconnectParticipant();
  await waitFor("the end", () => agent.heard.some((item) => item.ContentType === "application/vnd.amazonaws.connect.event.chat.ended"));
  agent.close();
});

test("a refusal has its AWS name", async () => {
  const customer = await chat();
  await customer.greeted();
  await assert.rejects(customer.say("ñ".repeat(8193)), (error) => {
    assert.match(JSON.stringify(error), /ValidationException/);
    return true;
  });
});
