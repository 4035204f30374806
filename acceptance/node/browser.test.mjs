// A newcomer at the page, in a real browser, by keyboard alone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { focused, launch, LOOKS, noBrowser, open, overflow, shot, tabTo, violations } from "../support/browser.mjs";
import { Relevo, waitFor } from "../support/relevo.mjs";

const ADDRESS = /acacias/i;
const skip = noBrowser;

let relevo, browser;
before(async () => {
  if (skip) return;
  [relevo, browser] = await Promise.all([Relevo.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await relevo?.stop();
});

const log = (page, side = "chat") => page.locator(`#${side}-log`);
const bot = (page) => page.locator("#chat-log .message.custom-bot .text");
const system = (page) => page.locator("#chat-log .message.system .text");

/** Types where the focus is, and sends. */
async function say(page, text) {
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

/** Says something to the bot and waits for its answer. */
async function ask(page, text, wanted = /./) {
  const known = await bot(page).count();
  await say(page, text);
  return waitFor(`an answer with ${wanted} to: ${text}`, async () =>
    (await bot(page).allTextContents()).slice(known).find((answer) => wanted.test(answer)),
  );
}

/** The page's own word for a stage. */
const stage = (page, language, name) =>
  page.evaluate(async ([own, key]) => (await import("/base/i18n.js")).translator(own)(key), [language, `stage.${name}`]);

async function start(page, name) {
  await tabTo(page, "#chat-name");
  await page.keyboard.type(name);
  await tabTo(page, "#chat-start-button");
  await page.keyboard.press("Enter");
  await bot(page).first().waitFor();
  assert.ok(await focused(page, "#chat-message"), "the focus is where one writes");
}

/** On a phone the customer and the desk take turns. */
async function half(page, which) {
  const button = page.locator(`.halves [data-to=${which}]`);
  if (await button.isVisible()) await button.click();
}

async function accept(page) {
  await half(page, "desk");
  await page.locator("#desk-contacts .contact.queued").first().waitFor();
  await tabTo(page, "#desk-contacts .contact.queued button");
  await page.keyboard.press("Enter");
  await page.locator("#desk-log .message").first().waitFor();
  await waitFor("the focus at the desk", () => focused(page, "#desk-message"));
}

const focusChat = (page) => tabTo(page, "#chat-message", 60, "Shift+Tab");

const conversations = {
  es: {
    locale: "es-CL",
    lines: {
      order: ["Oye, ¿qué onda con mi encomienda 10020030? Ah, y mi rut es 12345678-9"],
      ticket: "quiero dejar un reclamo por ese envío, lleva meses de atraso y nadie me avisa",
      repeat: ["10020030", "12345678-9", "lleva meses de atraso"],
      status: "¿me dices en qué está el reclamo NUMBER?",
      person: "esto no me sirve, pásenme con una persona",
    },
  },
  en: {
    locale: "en-GB",
    lines: {
      // Two messages, the document first, with a slip of the fingers.
      order: ["my documnt number is 12345678-9, I wonder where my parcel is", "the order is 10020030"],
      ticket: "I want to complain about that order, it is months late and nobody tells me anything",
      repeat: ["10020030", "12345678-9", "it is months late"],
      status: "what about ticket NUMBER, has anybody looked at it?",
      person: "this is not helping, put me through to a person",
    },
  },
};

for (const [language, { locale, lines }] of Object.entries(conversations)) {
  test(`a newcomer's whole conversation by keyboard (${language})`, { skip }, async () => {
    const page = await open(browser, relevo.url, { locale });
    assert.equal(await page.locator("#chat .shell").getAttribute("lang"), language, "the browser's language is taken up");
    await shot(page, `${language}-1-start`);
    await start(page, "Ana");

    let answer = "";
    for (const line of lines.order) answer = await ask(page, line);
    if (!ADDRESS.test(answer)) await waitFor("the order", async () => ADDRESS.test(await log(page).textContent()), 5_000);
    await shot(page, `${language}-2-order`);

    let made = await ask(page, lines.ticket);
    for (const again of lines.repeat) {
      if (/\d{9,}/.test(made)) break;
      made = await ask(page, again);
    }
    const number = made.match(/(?<!\d)\d{9,}(?!\d)/)?.[0];
    assert.ok(number, `no ticket: ${made}`);
    const told = await ask(page, lines.status.replace("NUMBER", number));
    if (!/abiert|open/i.test(told)) await ask(page, "12345678-9", /abiert|open/i);

    await say(page, lines.person);
    await system(page).first().waitFor();
    await page.locator("#desk-contacts .contact.queued").waitFor();
    assert.ok((await page.locator("#desk-contacts .contact.queued dt").count()) > 1, "the desk shows what the bot hands over");
    await shot(page, `${language}-3-queued`);

    await accept(page);
    assert.match(await log(page, "desk").textContent(), ADDRESS, "the person sees the conversation so far");
    await say(page, "Hola / hello, I am Alex");
    await log(page).getByText("I am Alex").waitFor();
    const said = await bot(page).count();
    await focusChat(page);
    await say(page, "at last / por fin <b>1</b>");
    await log(page, "desk").getByText("at last / por fin <b>1</b>").waitFor();
    assert.equal(await bot(page).count(), said, "the bot spoke after the hand-off");

    // What happened inside is there in words.
    const inside = page.locator("#inside");
    await tabTo(page, "#tabs a[href='#/inside']", 80);
    await page.keyboard.press("Enter");
    await inside.getByText("TransferContactToQueue").first().waitFor();
    for (const called of ["getOrderStatus", "cutTicket", "getTicket", "escalate"]) await inside.getByText(`${called}(`).first().waitFor();
    assert.equal(await page.locator("#inside-stages [aria-current=step]").textContent(), await stage(page, language, "ACTIVE"));
    await shot(page, `${language}-4-inside`);
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await shot(page, `${language}-5-person`);

    await tabTo(page, "#desk-end");
    await page.keyboard.press("Enter");
    await tabTo(page, "dialog button[value=yes]");
    await page.keyboard.press("Enter");
    await page.locator("#chat-over").waitFor();
    await page.locator("#chat-again").waitFor();
    await shot(page, `${language}-6-ended`);
    await tabTo(page, "#chat-again", 80);
    await page.keyboard.press("Enter");
    await page.locator("#chat-start").waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

test("a reload goes on, for the customer and at the desk", { skip }, async () => {
  const page = await open(browser, relevo.url, { locale: "es-ES" });
  await start(page, "Rosa");
  await ask(page, "¿dónde está mi pedido 10020040?");
  await page.reload();
  await log(page).getByText("¿dónde está mi pedido 10020040?").waitFor();
  await tabTo(page, "#chat-message");
  await ask(page, "44444444-4", ADDRESS);
  await say(page, "quiero hablar con una persona");
  await accept(page);
  await say(page, "Hola Rosa");
  await log(page).getByText("Hola Rosa").waitFor();
  await page.reload();
  await log(page, "desk").getByText("Hola Rosa").waitFor();
  await tabTo(page, "#desk-message", 80);
  await say(page, "¿Sigues ahí?");
  await log(page).getByText("¿Sigues ahí?").waitFor();
  assert.equal(await log(page).getByText("Hola Rosa").count(), 1);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("the server is killed and comes back: nothing written is lost", { skip }, async () => {
  let own = await Relevo.start();
  const page = await open(browser, own.url, { locale: "en-US" });
  try {
    await start(page, "Ana");
    await ask(page, "where is order 10020030?");
    await own.kill();
    await say(page, "my document is 12345678-9");
    await page.locator("#chat-log .message[data-fate='message.waiting']").waitFor();
    await shot(page, "killed");
    assert.deepEqual(await violations(page, "#chat"), [], "what waits can be read");
    own = await Relevo.start({ data: own.data, port: own.port });
    await waitFor("the answer", async () => (await bot(page).allTextContents()).some((text) => ADDRESS.test(text)), 30_000);
    assert.equal(await log(page).getByText("my document is 12345678-9").count(), 1);
    assert.equal(await page.locator("#chat-log .message[data-fate]").count(), 0);
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.context().close();
    await own.stop();
  }
});

test("a message over the limit stays, with its reason, and the chat goes on", { skip }, async () => {
  const page = await open(browser, relevo.url, { locale: "en-US" });
  await start(page, "Ana");
  await page.locator("#chat-message").fill("ñ".repeat(9000));
  await page.keyboard.press("Enter");
  const refused = page.locator("#chat-log .message[data-fate='message.refused']");
  await refused.waitFor();
  await refused.getByRole("button", { name: "Discard" }).click();
  await refused.waitFor({ state: "detached" });
  await page.locator("#chat-message").focus();
  await ask(page, "hello");
  await page.context().close();
});

for (const [name, look] of LOOKS) {
  test(`can be read and reached by everybody: axe finds nothing (${name})`, { skip }, async () => {
    const page = await open(browser, relevo.url, { locale: "es-ES", ...look });
    assert.deepEqual(await violations(page), []);
    await start(page, "Ana");
    await ask(page, "pedido 10020030, rut 12345678-9", ADDRESS);
    await say(page, "una persona, por favor");
    await accept(page);
    await say(page, "Hola");
    await shot(page, `${name}-desk`);
    assert.deepEqual(await violations(page), []);
    await half(page, "chat");
    await log(page).getByText("Hola", { exact: true }).waitFor();
    await shot(page, name);
    assert.deepEqual(await violations(page), []);
    await page.goto(`${relevo.url}/#/inside`);
    await page.locator("#inside-body").waitFor();
    assert.deepEqual(await violations(page), []);
    assert.ok((await overflow(page)) <= 0, "the page is wider than the window");
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
}

/** Calls a function of one of the page's own modules, in the browser. */
const called = (page, module, name, values) =>
  page.evaluate(async ([from, what, given]) => (await import(from))[what](...given), [`/chat/${module}`, name, values]);

const item = (Id, second, more = {}) => ({ Id, AbsoluteTime: `2026-01-01T00:00:0${second}.000Z`, Type: "MESSAGE", ContentType: "text/plain", ...more });
const ids = (items) => items.map((one) => one.Id).join("");

test("the transcript is merged by id, whatever comes twice or late", { skip }, async () => {
  const page = await open(browser, relevo.url);
  const [a, b, c, d] = [item("a", 1), item("b", 2), item("c", 3), item("d", 4)];
  for (const [known, fresh, expected] of [
    [[], [a, b], "ab"],
    [[a, b], [a, b], "ab"],
    [[c], [a, b], "abc"],
    [[b], [a, c], "abc"],
    [[a, d], [b, c], "abcd"],
    [[a], [], "a"],
    // Two at the same time stay in the server's order.
    [[], [item("x", 1), item("w", 1)], "xw"],
    [[], [a, item("t", 2, { ContentType: "application/vnd.amazonaws.connect.event.typing" })], "a"],
  ]) {
    assert.equal(ids(await called(page, "transcript.js", "merge", [known, fresh])), expected);
  }
  assert.equal(ids(await called(page, "transcript.js", "insert", [[a, c], b])), "abc");
  // A message that is still being said grows; its whole text takes the place of its parts.
  const part = (Content, ChunkNumber, MessageCompleted = false) => item("a", 1, { Content, MessageMetadata: { ChunkNumber, MessageCompleted } });
  for (const [known, fresh, said] of [
    [part("Hel", 1), part("lo", 2), "Hello"],
    [part("Hello", 2), part("Hel", 1), "Hello"],
    [part("Hel", 1), part("Hello you", 3, true), "Hello you"],
  ]) {
    assert.equal((await called(page, "transcript.js", "renewed", [known, fresh])).Content, said);
  }
  // What came through its processor is with it no more.
  const held = item("a", 1, { Content: "4111", MessageMetadata: { MessageProcessingStatus: "PROCESSING" } });
  const through = await called(page, "transcript.js", "renewed", [held, item("a", 1, { Content: "[CARD]" })]);
  assert.deepEqual([through.Content, through.MessageMetadata], ["[CARD]", undefined]);
  await page.context().close();
});

test("what people write is shown as text and never becomes part of the page", { skip }, async () => {
  const page = await open(browser, relevo.url, { locale: "en-US" });
  const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script> </p>{{ 1 }} ${"\u202e"}`;
  await page.locator("#chat-name").fill(hostile.slice(0, 200));
  await page.locator("#chat-start-button").click();
  await bot(page).first().waitFor();
  await page.locator("#chat-message").fill(hostile);
  await page.keyboard.press("Enter");
  await log(page).locator(".message.own:not([data-fate]) .text").getByText("<script>").waitFor();
  await page.locator("#chat-message").fill("I want to talk to a person");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Accept <img" }).click();
  await log(page, "desk").locator(".message.customer .text").getByText("<script>").waitFor();
  assert.equal(await page.locator("#chat-log img, #chat-log script, #desk img, #inside img").count(), 0);
  assert.doesNotMatch(await page.title(), /owned/);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});
