// The desk, the inspector, the overview and the settings in a real browser: two customers and two people at once, by keyboard
// alone, and what is exported runs.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";

import { focused, launch, LOOKS, noBrowser, open, overflow, shot, tabTo, violations } from "../support/browser.mjs";
import { fromWork, Relevo, waitFor } from "../support/relevo.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BINARY = process.env.RELEVO_BIN ?? join(ROOT, "target/release/relevo");
const skip = noBrowser;

let centre, browser;
before(async () => {
  if (skip) return;
  [centre, browser] = await Promise.all([Relevo.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await centre?.stop();
});

/** A customer by the participant API alone. */
async function customer(name, { language = "en", attributes = {}, at: relevo = centre } = {}) {
  const info = await relevo.call("GET", "/relevo/info");
  const chat = await relevo.call("PUT", "/contact/chat", {
    InstanceId: info.instanceId,
    ContactFlowId: info.contactFlowId,
    Attributes: { language, ...attributes },
    ParticipantDetails: { DisplayName: name },
  });
  const connection = await relevo.call("POST", "/participant/connection", { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] }, { "x-amz-bearer": chat.ParticipantToken });
  const bearer = { "x-amz-bearer": connection.ConnectionCredentials.ConnectionToken };
  const socket = new (fromWork("ws"))(connection.Websocket.Url);
  socket.on("open", () => socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } })));
  socket.on("error", () => {});
  const heard = async (role) =>
    (await relevo.call("POST", "/participant/transcript", { MaxResults: 100, SortOrder: "ASCENDING" }, bearer)).Transcript.filter(
      (item) => item.Type === "MESSAGE" && item.ParticipantRole === role,
    ).map((item) => item.Content);
  const say = (text) => relevo.call("POST", "/participant/message", { ContentType: "text/plain", Content: text }, bearer);
  await waitFor("the greeting", async () => (await heard("CUSTOM_BOT")).length > 0);
  return {
    contactId: chat.ContactId,
    say,
    heard,
    leave: () => relevo.call("POST", "/participant/disconnect", {}, bearer).finally(() => socket.close()),
    /** Says it to the bot, and waits for its answer. */
    async ask(text) {
      const known = (await heard("CUSTOM_BOT")).length;
      await say(text);
      await waitFor(`an answer to ${text}`, async () => (await heard("CUSTOM_BOT")).length > known);
    },
    /** Sends a text file, and waits for the scanner. */
    async attach(name, text) {
      const post = (operation, body) => relevo.call("POST", `/participant/${operation}`, body, bearer);
      const { AttachmentId, UploadMetadata } = await post("start-attachment-upload", { ContentType: "text/plain", AttachmentSizeInBytes: text.length, AttachmentName: name, ClientToken: name });
      await fetch(UploadMetadata.Url, { method: "PUT", body: text, headers: { "content-type": "text/plain" } });
      await post("complete-attachment-upload", { AttachmentIds: [AttachmentId], ClientToken: name });
      await waitFor("the scanner", async () => (await post("attachment", { AttachmentId }).catch(() => null))?.Url);
    },
    /** Where the file of this name can be had. */
    async url(name) {
      const { Transcript } = await relevo.call("POST", "/participant/transcript", { MaxResults: 100 }, bearer);
      const file = Transcript.flatMap((item) => item.Attachments ?? []).find((one) => one.AttachmentName === name && one.Status === "APPROVED");
      return file && (await relevo.call("POST", "/participant/attachment", { AttachmentId: file.AttachmentId }, bearer)).Url;
    },
    /** Asks for a person and waits at the desk. */
    async queue() {
      await say("I want to talk to a person");
      return relevo.queued(chat.ContactId);
    },
  };
}

async function desk(name, { at: relevo = centre, ...options } = {}) {
  const page = await open(browser, relevo.url, { locale: "en-US", ...options });
  // On a phone the customer's half is shown first.
  if (options.viewport?.width < 700) await page.locator(".halves [data-to=desk]").click();
  await page.locator("#desk-name").fill(name);
  await page.locator("#desk-name").press("Tab");
  await waitFor(`${name} at the desk`, async () => (await relevo.call("GET", "/relevo/desk/agents")).agents.find((one) => one.name === name && one.status === "AVAILABLE"));
  return page;
}

const offline = (name) => centre.call("PUT", `/relevo/desk/agents/${name}`, { status: "OFFLINE" });
const room = (page, name) => page.getByRole("article", { name: `Chat with ${name}` });
const agent = async (name) => (await centre.call("GET", "/relevo/desk/agents")).agents.find((one) => one.name === name);

test("two customers and two people at once, by keyboard: offer, reject, time in the queue, transfer, outcome", { skip }, async () => {
  const eva = await desk("Eva");
  await offline("Alex");
  const ana = await customer("Ana");
  await ana.ask("where is order 10020030? my id is 12345678-9");
  await ana.queue();
  await eva.locator(".contact.offered").getByText("Ana").waitFor();
  assert.match(await eva.title(), /^\(1\)/);
  await eva.locator(".contact.offered .when").getByText(/0:0[1-9]/).waitFor();
  await shot(eva, "desk-offered");
  // Rejected, it waits for others; taken by hand it can be all the same.
  await eva.keyboard.press("Alt+KeyR");
  await waitFor("the rejection", async () => (await centre.queued(ana.contactId)).passed?.[0]?.how === "REJECTED");
  const luis = await desk("Luis");
  await luis.locator(".contact.offered").getByText("Ana").waitFor();
  await luis.keyboard.press("Alt+KeyA");
  await room(luis, "Ana").locator(".message").first().waitFor();
  await waitFor("the focus where one writes", () => focused(luis, "#desk-message"));
  const packet = room(luis, "Ana").locator(".packet");
  for (const words of ["I want to talk to a person", "getOrderStatus", "Identity: not stated", "10020030"]) await packet.getByText(words).first().waitFor();
  // The whole conversation with the bot is there.
  await room(luis, "Ana").locator(".log").getByText(/acacias/i).first().waitFor();

  const bruno = await customer("Bruno");
  await bruno.queue();
  await luis.locator(".contact.queued").getByText("Bruno").waitFor();
  await luis.keyboard.press("Alt+KeyA");
  await room(luis, "Bruno").locator(".message").first().waitFor();
  await luis.keyboard.type("Hello Bruno");
  await luis.keyboard.press("Enter");
  await luis.keyboard.press("Alt+Digit1");
  await luis.keyboard.type("Hello Ana");
  await luis.keyboard.press("Enter");
  await waitFor("both are told, each their own", async () => (await ana.heard("AGENT"))[0] === "Hello Ana" && (await bruno.heard("AGENT"))[0] === "Hello Bruno");
  assert.equal((await agent("Luis")).active, 2);
  const boxes = await Promise.all(["Ana", "Bruno"].map((name) => room(luis, name).boundingBox()));
  assert.ok(boxes[0].y === boxes[1].y && boxes[0].x < boxes[1].x, "side by side");
  await shot(luis, "desk-two-chats");

  // A quick text, filled in, is sent with Enter.
  await tabTo(luis, ".desk-room.current .quick-texts button:first-child", 40, "Shift+Tab");
  await luis.keyboard.press("Enter");
  await luis.keyboard.press("Enter");
  await waitFor("the quick text", async () => (await ana.heard("AGENT")).at(-1).includes("Hello Ana, this is Luis"));

  // To Eva, with a note.
  await tabTo(luis, ".desk-room.current [data-part=transfer]", 60, "Shift+Tab");
  await luis.keyboard.press("Enter");
  await luis.locator("#transfer-to").selectOption("agent:Eva");
  await luis.locator("#transfer-note").fill("wants a new delivery date");
  await shot(luis, "desk-transfer");
  await tabTo(luis, "dialog button[value=yes]");
  await luis.keyboard.press("Enter");
  await eva.locator(".contact.offered").getByText("Ana").waitFor();
  await eva.keyboard.press("Alt+KeyA");
  await room(eva, "Ana").getByText("wants a new delivery date").waitFor();
  await room(eva, "Ana").locator(".log").getByText("Hello Ana", { exact: true }).waitFor();

  // End with an outcome.
  await tabTo(eva, "#desk-end", 60, "Shift+Tab");
  await eva.keyboard.press("Enter");
  await eva.locator("#end-outcome").selectOption("follow_up");
  await tabTo(eva, "dialog button[value=yes]");
  await eva.keyboard.press("Enter");
  await room(eva, "Ana").waitFor({ state: "detached" });
  const inspected = await centre.call("GET", `/relevo/inspector/contacts/${ana.contactId}`);
  assert.deepEqual([inspected.outcome.code, inspected.outcome.by, inspected.disconnectReason], ["follow_up", "Eva", "AGENT_DISCONNECT"]);

  // The customer leaves first: after contact work keeps the place until it is done.
  await bruno.leave();
  await room(luis, "Bruno").getByText("How did it come out?").waitFor();
  await shot(luis, "desk-after");
  assert.equal((await agent("Luis")).afterContact, 1);
  await room(luis, "Bruno").getByRole("button", { name: "Save and close" }).click();
  await waitFor("the work is done", async () => (await agent("Luis")).afterContact === 0);

  // The status, by keyboard.
  await tabTo(luis, "#desk-status", 60, "Shift+Tab");
  await luis.keyboard.press("ArrowDown");
  await waitFor("busy", async () => (await agent("Luis")).status === "BUSY");
  for (const page of [eva, luis]) {
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  }
  await Promise.all([offline("Eva"), offline("Luis")]);
});

/** Tells by the console what a page schedules for the loudspeakers, and its titles: whoever asks a page by script touches it. */
const listen = () => {
  const { start } = AudioScheduledSourceNode.prototype;
  AudioScheduledSourceNode.prototype.start = function (when) {
    console.debug(`heard ${Math.round(this.frequency.value)} ${this.context.state}`);
    return start.call(this, when);
  };
  addEventListener("DOMContentLoaded", () => new MutationObserver(() => console.debug(`title ${document.title}`)).observe(document.querySelector("title"), { childList: true }));
};

test("what is offered rings until it is answered: after the first touch, and only for who wants to hear it", { skip }, async (t) => {
  const alone = await Relevo.start();
  t.after(() => alone.stop());
  const page = await open(browser, "about:blank", { locale: "en-US" });
  await page.addInitScript(listen);
  await page.clock.install();
  await page.goto(alone.url);
  const told = [];
  page.on("console", (message) => told.push(message.text()));
  const heard = () => told.filter((text) => text.startsWith("heard "));
  const offered = async (name) => {
    const one = await customer(name, { at: alone });
    await one.queue();
    await page.locator(".contact.offered").getByText(name).waitFor();
    return one;
  };
  // A browser lets no page sound that nobody has touched: nothing is tried, nothing is complained of.
  await (await customer("Ana", { at: alone })).queue();
  await waitFor("the offer in the page", () => told.includes("title (1) Relevo"));
  assert.deepEqual(heard(), []);
  await page.mouse.click(700, 500);
  const first = await waitFor("the tone after the first touch", () => heard().length > 0 && heard());
  assert.deepEqual(first, ["heard 659 running", "heard 1319 running", "heard 880 running", "heard 1760 running"], "two notes, each with its octave");
  await page.clock.fastForward(4_000);
  await waitFor("the tone again", () => heard().length === 2 * first.length);
  await page.keyboard.press("Alt+KeyA");
  await room(page, "Ana").locator(".message").first().waitFor();
  await page.clock.fastForward(12_000);
  assert.equal(heard().length, 2 * first.length, "silence once it is answered");

  // Switched off there is none; switched on again what waits is heard.
  await page.locator("#desk-sound").click();
  await offered("Bruno");
  await page.clock.fastForward(4_000);
  assert.equal(heard().length, 2 * first.length, "silence where the sound is off");
  await page.locator("#desk-sound").click();
  await waitFor("the tone", () => heard().length > 2 * first.length);
  await page.keyboard.press("Alt+KeyR");
  await page.locator(".contact.offered").waitFor({ state: "detached" });

  // Who is busy is left in peace.
  await page.locator("#desk-status").selectOption("BUSY");
  await waitFor("busy", async () => (await alone.call("GET", "/relevo/desk/agents")).agents[0].status === "BUSY");
  const before = heard().length;
  const carla = await customer("Carla", { at: alone });
  await carla.queue();
  await page.locator(".contact.queued").getByText("Carla").waitFor();
  await page.clock.fastForward(12_000);
  assert.equal(heard().length, before, "silence for who is busy");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the tone is two short notes, neither too loud nor cut", { skip }, async (t) => {
  const page = await open(browser, centre.url);
  const tone = await page.evaluate(async () => {
    const { chime } = await import("/desk/ring.js");
    const rate = 48_000;
    const render = async (cut) => {
      const context = new OfflineAudioContext(1, rate * 1.2, rate);
      const end = chime(context, 0);
      if (cut) void context.suspend(0.256).then(() => (end(), context.resume()));
      return (await context.startRendering()).getChannelData(0);
    };
    const [whole, ended] = [await render(false), await render(true)];
    const most = (samples, from, to) => samples.slice(from * rate, to * rate).reduce((peak, one) => Math.max(peak, Math.abs(one)), 0);
    // How much of a pitch there is (Goertzel).
    const part = (from, to, pitch) => {
      const samples = whole.slice(from * rate, to * rate);
      const [re, im] = samples.reduce(([re, im], one, at) => [re + one * Math.cos((2 * Math.PI * pitch * at) / rate), im + one * Math.sin((2 * Math.PI * pitch * at) / rate)], [0, 0]);
      return (2 * Math.hypot(re, im)) / samples.length;
    };
    return {
      peak: most(whole, 0, 1.2),
      after: most(whole, 0.9, 1.2),
      step: whole.reduce((worst, one, at) => Math.max(worst, Math.abs(one - (whole[at - 1] ?? 0))), 0),
      first: [part(0.02, 0.14, 659.26), part(0.02, 0.14, 880)],
      second: [part(0.2, 0.4, 659.26), part(0.2, 0.4, 880)],
      ended: most(ended, 0.4, 1.2),
    };
  });
  t.diagnostic(JSON.stringify(tone));
  assert.ok(tone.peak > 0.1 && tone.peak < 0.5, "heard, and far from clipping");
  assert.ok(tone.after < 0.001, "over within a second");
  assert.ok(tone.step < 0.1, "no click");
  assert.ok(tone.first[0] > 5 * tone.first[1] && tone.second[1] > 2 * tone.second[0], "the low note, then the high one");
  assert.ok(tone.ended < 0.005, "and silent when it is ended");
  await page.context().close();
});

test("verified customers have a queue of their own, and an agent serves the queues it chooses", { skip }, async (t) => {
  const airline = await Relevo.start({ more: ["--bot", join(ROOT, "examples/vuelos")] });
  t.after(() => airline.stop());
  const eva = await desk("Eva", { at: airline });
  await airline.call("PUT", "/relevo/desk/agents/Alex", { status: "OFFLINE" });
  const served = async () => (await airline.call("GET", "/relevo/desk/agents")).agents.find((one) => one.name === "Eva").queues;
  const { queues } = await airline.call("GET", "/relevo/desk");
  assert.deepEqual(queues.map((one) => one.name), ["Trip desk", "Verified travellers"]);
  const button = eva.locator("#desk-queues");
  assert.equal(await button.textContent(), "All queues");

  // By keyboard: no queue at all is refused, one of them is taken.
  await tabTo(eva, "#desk-queues");
  await eva.keyboard.press("Enter");
  await eva.locator("dialog[open]").waitFor();
  for (const number of [1, 2]) {
    await tabTo(eva, `dialog label:nth-child(${number}) input`);
    await eva.keyboard.press("Space");
  }
  await tabTo(eva, "dialog button[value=yes]");
  await eva.keyboard.press("Enter");
  assert.equal(await eva.locator("dialog[open]").count(), 1, "at least one");
  assert.deepEqual(await served(), []);
  await eva.getByRole("checkbox", { name: "Verified travellers" }).press("Space");
  for (const [shape, width, height] of [["wide", 1440, 950], ["phone", 360, 740]]) {
    await eva.setViewportSize({ width, height });
    if (shape === "phone") await eva.evaluate(() => (document.getElementById("view-live").dataset.half = "desk"));
    await shot(eva, `${shape}-queues`);
    assert.deepEqual(await violations(eva), [], shape);
    assert.ok((await overflow(eva)) <= 0, shape);
  }
  await eva.setViewportSize({ width: 1440, height: 950 });
  await tabTo(eva, "dialog button[value=yes]");
  await eva.keyboard.press("Enter");
  await waitFor("the queue that Eva serves", async () => (await served())[0] === queues[1].id);
  await eva.getByRole("button", { name: "Queues you serve: Verified travellers" }).waitFor();
  await waitFor("the focus where it was", () => focused(eva, "#desk-queues"));

  const unknown = await customer("Bruno", { at: airline });
  await unknown.ask("details of my booking QX7K2M, my last name is Moreno");
  await unknown.queue();
  const known = await customer("Ana", { at: airline });
  await known.ask("details of my booking QX7K2M, my last name is Keller");
  await known.queue();
  await eva.locator(".contact.offered").getByText("Ana").waitFor();
  await eva.locator(".contact.offered").getByText("Verified travellers").waitFor();
  assert.equal(await eva.locator(".contact.offered").count(), 1, "Bruno's queue is not hers");
  await eva.keyboard.press("Alt+KeyA");
  await room(eva, "Ana").locator(".packet").getByText("Identity verified").waitFor();
  // By hand anybody may take what waits.
  await eva.getByRole("button", { name: "Accept Bruno" }).click();
  await room(eva, "Bruno").locator(".packet").getByText("Identity not verified").waitFor();
  await shot(eva, "desk-verified");

  // And all of them again.
  await button.click();
  await eva.getByRole("checkbox", { name: "Trip desk" }).check();
  await eva.getByRole("button", { name: "Save", exact: true }).click();
  await waitFor("all queues", async () => (await served()).length === 0);
  await eva.getByRole("button", { name: "Queues you serve: All queues" }).waitFor();

  // Who gives another name can choose at once, before the desk was read anew.
  let read;
  const held = new Promise((resolve) => (read = resolve));
  await eva.route("**/relevo/desk", async (route) => (await held, route.continue()));
  await eva.locator("#desk-name").fill("Mia");
  await eva.locator("#desk-name").press("Tab");
  const mia = async () => (await airline.call("GET", "/relevo/desk/agents")).agents.find((one) => one.name === "Mia");
  await waitFor("Mia at the desk", mia);
  await button.click();
  await eva.getByRole("checkbox", { name: "Trip desk" }).uncheck();
  await eva.getByRole("button", { name: "Save", exact: true }).click();
  await waitFor("the queue that Mia serves", async () => (await mia()).queues[0] === queues[1].id);
  read();
  await eva.getByRole("button", { name: "Queues you serve: Verified travellers" }).waitFor();
  assert.deepEqual(eva.complaints, []);
  await eva.context().close();
});

test("files at the desk: the customer's, from before the hand-off too, and one's own", { skip }, async () => {
  const ana = await customer("Ana");
  await ana.attach("bill.txt", "12 EUR");
  await ana.queue();
  const page = await desk("Nora");
  await page.getByRole("button", { name: "Accept Ana" }).first().click();
  const [download] = await Promise.all([page.waitForEvent("download"), room(page, "Ana").getByRole("button", { name: "Download bill.txt" }).click()]);
  assert.equal(readFileSync(await download.path(), "utf8"), "12 EUR");
  // By keyboard to the button, which opens the browser's own dialog.
  await tabTo(page, "[data-part=attach]");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles({ name: "leaflet.pdf", mimeType: "application/pdf", buffer: Buffer.from("how to complain") });
  await room(page, "Ana").getByRole("button", { name: "Download leaflet.pdf" }).waitFor();
  await shot(page, "desk-files");
  const url = await waitFor("the file at the customer's", () => ana.url("leaflet.pdf"));
  assert.equal(await (await fetch(url)).text(), "how to complain");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await ana.leave();
  await offline("Nora");
});

test("one contact from the inside: graph, turn, tree, attributes, calls to copy, a link, and a test that runs", { skip }, async () => {
  const carla = await customer("Carla", { attributes: { tier: "gold" } });
  await carla.ask("my product arrived broken, order 10020030, id 12345678-9");
  const ticket = (await carla.heard("CUSTOM_BOT")).join(" ").match(/\d{12}/)?.[0];
  assert.ok(ticket, "there is a ticket");
  await carla.ask(`how is ticket ${ticket} going?`);
  await carla.queue();
  const page = await open(browser, `${centre.url}/#/inside/${carla.contactId}`, { locale: "en-US", permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator(".action.lit").first().waitFor();
  // The path is lit, and in words.
  const { path } = await centre.call("GET", `/relevo/inspector/contacts/${carla.contactId}`);
  assert.equal(await page.locator(".action.lit").count(), new Set(path.map((step) => step.identifier)).size);
  assert.ok((await page.locator(".way.lit").count()) >= 3);
  assert.match(await page.locator("#inside-graph svg > title").textContent(), /actions/);
  const sight = () => page.locator("#inside-graph svg").getAttribute("viewBox");
  await page.locator("#inside-graph").focus();
  for (const key of ["+", "ArrowRight", "-", "0"]) {
    const was = await sight();
    await page.keyboard.press(key);
    assert.notEqual(await sight(), was, key);
  }
  await page.locator(".path summary").click();
  await page.locator("#inside-flow").getByText("TransferContactToQueue").waitFor();
  await page.locator(".path summary").click();

  // The turn in time.
  await page.locator("#inside-turn").selectOption("1");
  for (const kind of ["claim", "typing", "tool", "send", "model"]) await page.locator(`.waterfall tr.of-${kind}`).first().waitFor();
  assert.match(await page.locator(".waterfall tr.of-tool").first().textContent(), /cutTicket.*\d/);
  // Who asked whom.
  await page.locator("#inside-agents .turn > details > ol > li ol").getByText("cutTicket(").first().waitFor();
  // Attributes as they changed.
  await page.locator("details", { hasText: "How they changed" }).last().locator("summary").click();
  await page.locator("#inside-changes").getByText("Tier = gold").waitFor();
  await page.locator("#inside-changes").getByText("Escalation Reason").waitFor();

  // Calls: what is shown has no token, what is copied has a place for it, and runs.
  const copied = async (button) => {
    await page.bringToFront();
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await button.click();
    return waitFor("the copy", () => page.evaluate(() => navigator.clipboard.readText()));
  };
  const call = (text) => page.locator("#inside-calls li", { hasText: text });
  const described = call("CreateParticipantConnection").first();
  await described.locator("summary").click();
  await described.getByText("[redacted]").first().waitFor();
  assert.match(await copied(described.getByRole("button", { name: "Copy as curl" })), /x-amz-bearer: \$PARTICIPANT_TOKEN/);
  const attributes = call("UpdateContactAttributes").first();
  await attributes.locator("summary").click();
  const line = await copied(attributes.getByRole("button", { name: "Copy as curl" }));
  const ran = spawnSync("bash", ["-c", line], { encoding: "utf8", env: { ...process.env, no_proxy: "127.0.0.1" } });
  assert.equal(ran.stdout, "{}", line + ran.stderr);
  assert.match(await copied(attributes.getByRole("button", { name: "Copy as boto3" })), /\.update_contact_attributes\(InstanceId="/);
  assert.doesNotMatch(JSON.stringify((await centre.call("GET", `/relevo/inspector/contacts/${carla.contactId}`)).calls), /[0-9a-f]{64}/, "no token is kept");
  await page.locator("#calls-events").click();
  await page.locator("#inside-calls").getByText("event.participant.joined").first().waitFor();
  assert.match(await copied(page.locator("#inside-link")), new RegExp(`#/inside/${carla.contactId}$`));
  await shot(page, "inside");
  assert.deepEqual(page.complaints, []);

  // Found again when it is over, by an attribute and by words.
  await carla.leave();
  await page.locator("#inside-find > summary").click();
  await page.locator("#find-attribute").fill("tier=gold");
  await page.locator("#find-text").fill("arrived broken");
  await page.locator("#find-state").selectOption("ENDED");
  await page.keyboard.press("Enter");
  await page.locator("#find-form button").click();
  await page.locator("#find-results a").getByText("Carla").waitFor();
  assert.equal(await page.locator("#find-results a").count(), 1);
  await page.locator("#find-name").fill("nobody");
  await page.locator("#find-form button").click();
  await page.locator("#find-results a").waitFor({ state: "detached" });

  // As a test.
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("#inside-export").click()]);
  const yaml = await (await fetch(`${centre.url}/relevo/inspector/contacts/${carla.contactId}/conversation`)).text();
  assert.match(download.suggestedFilename(), /\.yaml$/);
  assert.match(yaml, /cutTicket/);
  assert.match(yaml, /handoff: "/);
  const bot = mkdtempSync(join(tmpdir(), "relevo-bot-"));
  cpSync(join(ROOT, "examples/envios"), bot, { recursive: true });
  const file = join(bot, "conversations", "exported.yaml");
  writeFileSync(file, yaml);
  const tested = spawnSync(BINARY, ["test", file], { encoding: "utf8" });
  assert.equal(tested.status, 0, `${yaml}\n${tested.stdout}\n${tested.stderr}`);
  rmSync(bot, { recursive: true });
  await page.context().close();
});

test("the overview counts what was, and the settings change what will be", { skip }, async () => {
  const page = await open(browser, `${centre.url}/#/overview`, { locale: "en-US" });
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  const tile = (name) => page.locator(".tile", { hasText: name }).locator(".value");
  assert.equal(await tile("Bot after the hand-off").textContent(), "0");
  assert.match(await tile("Time to the first words").textContent(), /\d+ ms|\d s/);
  await page.getByRole("row", { name: /The customer asked for a person|The bot decided to hand over/ }).first().waitFor();
  await shot(page, "overview");

  await tabTo(page, "#tabs a[href='#/settings']");
  await page.keyboard.press("Enter");
  await page.locator("#settings-limit").fill("300");
  await page.keyboard.press("Enter");
  await waitFor("the limit", async () => (await centre.call("GET", "/relevo/settings")).messageLimitBytes === 300);
  const dora = await customer("Dora");
  await assert.rejects(dora.say("x".repeat(301)), /300/);
  await centre.call("PUT", "/relevo/settings", { messageLimitBytes: 16_384 });
  await dora.leave();

  // By keyboard alone, and in sight as long as they are on.
  for (const [set, letter, what] of [["lost", "l", /answer is lost/], ["slow", "s", /150 to 900 ms/], ["off", "n", /Nothing goes wrong/]]) {
    await tabTo(page, "#settings-faults");
    await page.keyboard.press(letter);
    await page.locator("#settings-faults-is").getByText(what).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await waitFor(`the faults ${set}`, async () => (await centre.call("GET", "/relevo/settings")).faults === set);
    await page.locator("#page-faults").waitFor({ state: set === "off" ? "hidden" : "visible" });
  }
  // The stream, and the model.
  const settings = () => centre.call("GET", "/relevo/settings");
  for (const on of [true, false]) {
    await page.locator("#settings-chaotic").setChecked(on);
    await page.locator("#settings-limit").press("Enter");
    await waitFor(`chaos: ${on}`, async () => (await settings()).chaoticStream === on);
  }
  await page.locator("form", { has: page.locator("#settings-model") }).getByRole("button").click();
  await page.locator("form", { has: page.locator("#settings-model") }).getByText("Applied.").waitFor();
  assert.deepEqual((await settings()).model, ["offline"]);

  await page.locator("#settings-name").fill("Emilia");
  await page.locator("#settings-language").selectOption("en");
  await page.getByRole("button", { name: "Add an attribute" }).click();
  await page.keyboard.type("tier");
  await page.keyboard.press("Tab");
  await page.keyboard.type("silver");
  await page.keyboard.press("Enter");
  await page.getByText("Applied.").first().waitFor();
  await shot(page, "settings");
  await page.reload();
  await page.locator("#tabs a[href='#/live']").click();
  await page.locator("#chat-start-button").click();
  await page.locator("#chat-log .message.custom-bot").first().waitFor();
  const { contacts } = await centre.call("GET", "/relevo/inspector/search?attribute=tier%3Dsilver");
  assert.equal(contacts[0]?.customerDisplayName, "Emilia");
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

for (const [name, look] of LOOKS) {
  const phone = look.viewport.width < 700;
  const fits = async (page, what) => {
    await shot(page, `${name}-${what}`);
    assert.deepEqual(await violations(page), [], what);
    const wider = await overflow(page);
    assert.ok(wider <= 0, `${what} is ${wider} px wider than the window`);
  };

  test(`every view can be read and reached by everybody: axe finds nothing (${name})`, { skip }, async () => {
    const guest = await customer(`Fay ${name}`, { language: "es" });
    await guest.ask("pedido 10020030, rut 12345678-9");
    await guest.queue();
    const page = await desk(`Gil ${name}`, { locale: "es-ES", ...look });
    await page.locator("#desk-contacts .contact.queued").first().waitFor();
    await fits(page, "waiting");
    await page.keyboard.press("Alt+KeyA");
    await page.locator(".desk-room .message").first().waitFor();
    // On a phone the packet is closed at first.
    if (phone) await page.locator(".packet > summary").click();
    await page.locator(".packet details summary").click();
    await fits(page, "packet");
    if (phone) await page.locator(".packet > summary").click();
    // A file that is refused, and one that is not.
    await page.locator(".desk-room [type=file]").setInputFiles(["ok.pdf", "bad.exe"].map((one) => ({ name: one, mimeType: one === "ok.pdf" ? "application/pdf" : "application/x-msdownload", buffer: Buffer.from("x") })));
    await page.locator(".desk-room [data-fate='message.refused']").waitFor();
    await page.locator(".desk-room").getByRole("button", { name: "Descargar ok.pdf" }).waitFor();
    await fits(page, "files");
    for (const [button, dialog] of [["[data-part=transfer]", "transfer"], ["#desk-end", "end"]]) {
      await page.locator(`.desk-room.current ${button}`).click();
      await page.locator("dialog[open]").waitFor();
      await fits(page, dialog);
      await page.keyboard.press("Escape");
    }
    for (const [view, ready] of [["inside", ".action.lit"], ["overview", ".tile"], ["settings", "#settings-limit"]]) {
      await page.goto(`${centre.url}/#/${view}${view === "inside" ? `/${guest.contactId}` : ""}`);
      await page.locator(ready).first().waitFor();
      if (view === "inside") for (const closed of ["#inside-find", ".path", "#inside-calls li:first-child details"]) await page.locator(`${closed} > summary`).click();
      await fits(page, view);
    }
    await centre.call("PUT", "/relevo/faults", { set: "slow" });
    await page.reload();
    await page.locator("#page-faults").waitFor();
    await fits(page, "faults");
    await centre.call("PUT", "/relevo/faults", { set: "off" });
    await guest.leave();
    await page.goto(`${centre.url}/#/live`);
    if (phone) await page.locator(".halves [data-to=desk]").click();
    await page.locator(".after").waitFor();
    await fits(page, "after");
    // While everything was slow, the room's websocket may have come back only after the chat's end, and was refused.
    const late = (complaint) => complaint.startsWith("WebSocket connection to") && complaint.includes("403");
    assert.deepEqual([...new Set(page.complaints)].filter((complaint) => !late(complaint)), []);
    await page.context().close();
    await offline(encodeURIComponent(`Gil ${name}`));
  });

  test(`where nothing is yet it says what will be: axe finds nothing (${name})`, { skip }, async (t) => {
    const fresh = await Relevo.start();
    t.after(() => fresh.stop());
    const page = await open(browser, fresh.url, { locale: "en-US", ...look });
    for (const view of ["live", "inside", "overview"]) {
      await page.goto(`${fresh.url}/#/${view}`);
      if (view === "live" && phone) await page.locator(".halves [data-to=desk]").click();
      await page.locator(`#view-${view} .empty:visible`).first().waitFor();
      await fits(page, `empty-${view}`);
      if (view === "live") continue;
      // And leads there.
      await tabTo(page, `#view-${view} .empty a`);
      await page.keyboard.press("Enter");
      await page.locator("#view-live").waitFor();
    }
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}
