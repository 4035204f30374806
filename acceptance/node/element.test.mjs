// <relevo-chat> in pages of other people: the protocol, what it shows, and how it bears a lot.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import { launch, noBrowser, open, overflow, shot, tabTo, violations } from "../support/browser.mjs";
import { ParticipantService } from "../support/participant.mjs";
import { Relevo, waitFor } from "../support/relevo.mjs";
import { Site } from "../support/site.mjs";

const skip = noBrowser;
/** The virus scanners' test file, in two halves: a scanner must not take this one for it. */
const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];
const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";

let relevo, site, browser;
before(async () => {
  if (skip) return;
  site = await Site.start();
  [relevo, browser] = await Promise.all([Relevo.start({ more: ["--allow-origin", site.origin] }), launch()]);
});
after(async () => {
  await browser?.close();
  await relevo?.stop();
  await site?.stop();
});

const log = (page) => page.locator("#chat-log");
const own = (page) => page.locator("#chat-log .message.own");

/** A page of the shop with a chat that talks to `service`, started. */
async function shop(path, service, { attributes = "", ...options } = {}) {
  const url = site.page(path, `<relevo-chat endpoint="${service.url}" start-url="${service.url}/start" flow="a-flow" instance="an-instance" language="en" name="Ana" ${attributes}></relevo-chat>
    <script type="module" src="${relevo.url}/chat/relevo-chat.js"></script>`, { from: relevo.url });
  const page = await open(browser, url, { locale: "en-GB", viewport: { width: 420, height: 760 }, ...options });
  await page.locator("#chat-start-button").click();
  await page.locator("#chat-state[data-state=connected]").waitFor();
  return page;
}

/** Runs with a participant service of its own and closes everything. */
const withService = (name, run) =>
  test(name, { skip }, async (t) => {
    const service = await ParticipantService.start();
    const pages = [];
    try {
      await run(service, async (path, options) => {
        const page = await shop(path, service, options);
        pages.push(page);
        return page;
      }, t);
      for (const page of pages) assert.deepEqual(page.complaints, []);
    } finally {
      for (const page of pages) await page.context().close();
      await service.stop();
    }
  });

test("in a page of another origin that is allowed, with the real contact centre", { skip }, async () => {
  const url = site.page("/real", `<relevo-chat endpoint="${relevo.url}" language="en" name="Ana"></relevo-chat><script type="module" src="${relevo.url}/chat/relevo-chat.js"></script>`, { from: relevo.url });
  const page = await open(browser, url, { locale: "en-GB" });
  await tabTo(page, "#chat-start-button");
  await page.keyboard.press("Enter");
  await log(page).locator(".message.custom-bot").first().waitFor();
  await page.keyboard.type("where is order 10020030? my document is 12345678-9");
  await page.keyboard.press("Enter");
  await log(page).getByText(/acacias/i).waitFor();
  // Another page of the shop: the chat goes on.
  await page.reload();
  await log(page).getByText(/acacias/i).waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("two customers at once in one page, each in their own chat", { skip }, async () => {
  const chat = (id, name) => `<relevo-chat id="${id}" endpoint="${relevo.url}" language="en" name="${name}" autostart></relevo-chat>`;
  const page = await open(browser, site.page("/two", `${chat("a", "Ana")}${chat("b", "Ben")}<script type="module" src="${relevo.url}/chat/relevo-chat.js"></script>`, { from: relevo.url }));
  const of = (id) => page.locator(`#${id}`).locator("#chat-log");
  await Promise.all(["a", "b"].map((id) => of(id).locator(".message.custom-bot").first().waitFor()));
  for (const [id, text] of [["a", "where is order 10020030? my document is 12345678-9"], ["b", "I want to talk to a person"]]) {
    await page.locator(`#${id}`).locator("#chat-message").fill(text);
    await page.keyboard.press("Enter");
  }
  await of("a").getByText(/acacias/i).waitFor();
  await of("b").getByText("Waiting for a person").waitFor();
  assert.equal(await of("a").getByText("I want to talk to a person").count(), 0);
  assert.equal(await of("b").getByText(/10020030/).count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

withService("the same calls in the same order as amazon-connect-chatjs", async (service, shopPage) => {
  const page = await shopPage("/calls");
  service.say("hello");
  await log(page).getByText("hello").waitFor();
  await waitFor("the receipt", () => service.calls.includes("event"));
  await page.locator("#chat-message").fill("good day");
  await page.keyboard.press("Enter");
  await own(page).locator(".tick").first().waitFor();
  await page.getByRole("button", { name: "End chat" }).click();
  await page.getByRole("button", { name: "Yes, end it" }).click();
  await page.locator("#chat-over").waitFor();
  const ours = service.calls.filter((call) => call !== "/start" && call !== "event");
  assert.deepEqual(service.started.ParticipantDetails, { DisplayName: "Ana" });
  assert.deepEqual([service.started.ContactFlowId, service.started.InstanceId, service.started.Attributes.language], ["a-flow", "an-instance", "en"]);

  const theirs = await chatjs();
  assert.deepEqual(ours.slice(0, theirs.length), theirs);
});

/** What amazon-connect-chatjs asks of such a service for the same conversation, in a process of its own: it keeps timers. */
async function chatjs() {
  const { execFile } = await import("node:child_process");
  const script = new URL("../support/chatjs-calls.mjs", import.meta.url).pathname;
  return new Promise((resolve, reject) => execFile(process.execPath, [script], { timeout: 30_000 }, (error, stdout) => (error ? reject(error) : resolve(JSON.parse(stdout)))));
}

const HOSTILE = [
  `<img src=x onerror="window.owned=1">`,
  `<script>window.owned=1</script>`,
  "[a](javascript:window.owned=1)",
  "[a](JaVaScRiPt:window.owned=1) [b](data:text/html,<script>window.owned=1</script>) [c](vbscript:x) [d](file:///etc/passwd)",
  "[a](\u0001javascript:window.owned=1) <javascript:window.owned=1> ![x](x\"onerror=window.owned=1)",
  `[a](https://x.example/"onmouseover="window.owned=1)`,
  "```<svg onload=window.owned=1>```\n```\n</code></pre><script>window.owned=1</script>\n```",
  "# <b onclick=window.owned=1>h</b>\n> <iframe src=javascript:window.owned=1>\n- <style>*{display:none}</style>",
  `${"*".repeat(4000)}${"[".repeat(4000)}${"> ".repeat(2000)}x`,
];

withService("Markdown is shown, and nothing hostile in it becomes part of the page", async (service, shopPage) => {
  const page = await shopPage("/markdown");
  service.say("# Title\n\nSome **bold**, *italic*, `code`, ~~gone~~ and a [link](https://relevo.example/a_b?c=1).\n\n- one\n- two\n  1. inner\n\n> said\n\nMail <mailto:a@b.example>, see https://relevo.example/x.", { contentType: "text/markdown", role: "CUSTOM_BOT" });
  const said = log(page).locator(".markdown").first();
  await said.waitFor();
  for (const [selector, text] of [["[role=heading]", "Title"], ["strong", "bold"], ["em", "italic"], ["code", "code"], ["s", "gone"], ["ul > li:first-child", "one"], ["ol > li", "inner"], ["blockquote", "said"]]) {
    assert.equal((await said.locator(selector).first().textContent()).trim(), text);
  }
  assert.deepEqual(await said.locator("a").evaluateAll((links) => links.map((a) => [a.getAttribute("href"), a.rel, a.target])), [
    ["https://relevo.example/a_b?c=1", "noopener noreferrer nofollow", "_blank"],
    ["mailto:a@b.example", "noopener noreferrer nofollow", "_blank"],
    ["https://relevo.example/x", "noopener noreferrer nofollow", "_blank"],
  ]);
  for (const text of HOSTILE) service.say(text, { contentType: "text/markdown", role: "CUSTOM_BOT" });
  for (const text of HOSTILE) service.say(text);
  service.say(JSON.stringify({ templateType: "ListPicker", data: { content: { title: HOSTILE[0], subtitle: HOSTILE[2], imageData: "javascript:x", elements: [{ title: HOSTILE[1] }] } } }), { contentType: INTERACTIVE });
  service.say("the end");
  await log(page).getByText("the end").waitFor();
  assert.equal(await log(page).locator("img, script, iframe, svg, style, [onclick], [onerror], [onmouseover]").count(), 0);
  const protocols = await log(page).locator("a").evaluateAll((links) => [...new Set(links.map((link) => link.protocol))]);
  assert.deepEqual(protocols.filter((one) => !["http:", "https:", "mailto:"].includes(one)), []);
  assert.equal(await page.evaluate(() => window.owned), undefined);
});

const card = (id, title, options) => ({ templateIdentifier: id, templateType: "Panel", version: "1.0", data: { content: { title, elements: options.map((title) => ({ title })) } } });

withService("interactive messages are answered as Connect's own client answers them", async (service, shopPage) => {
  const page = await shopPage("/interactive");
  const ask = async (templateType, content) => {
    service.say(JSON.stringify({ templateType, version: "1.0", data: { content } }), { contentType: INTERACTIVE, role: "CUSTOM_BOT" });
    await log(page).getByText(content.title).first().waitFor();
  };
  const said = async (wanted) => waitFor(`the answer ${JSON.stringify(wanted)}`, () => service.sent.some(({ Content, ContentType }) => Content === wanted && ContentType === "text/plain"));

  await ask("ListPicker", { title: "Which fruit?", subtitle: "Tap one", elements: [{ title: "Apple", subtitle: "$1.00" }, { title: "Pear" }] });
  // By keyboard: from the line one writes in, back to the choices.
  await page.locator("#chat-message").focus();
  await tabTo(page, ".option:not(:disabled)", 30, "Shift+Tab");
  await page.keyboard.press("Enter");
  await said("Pear");
  // What was answered is answered: as soon as the page has drawn it.
  await page.getByRole("button", { name: "Apple", disabled: true }).waitFor();

  await ask("QuickReply", { title: "Was that all?", elements: [{ title: "Yes" }, { title: "No" }] });
  await shot(page, "element-choices");
  await page.getByRole("button", { name: "Yes", exact: true }).click();
  await said("Yes");

  await ask("Carousel", { title: "Our rooms", elements: [card("r1", "Sea view", ["Book"]), card("r2", "Garden", ["Book", "Ask"])] });
  await shot(page, "element-carousel");
  await page.getByRole("button", { name: "Ask" }).click();
  await said(JSON.stringify({ listTitle: "Garden", selectionText: "Ask", templateIdentifier: "r2" }));
  await log(page).getByText("Garden – Ask").waitFor();

  await ask("TimePicker", { title: "When?", subtitle: "At the shop", timeZoneOffset: 60, timeslots: [{ date: "2026-03-02T09:00+00:00", duration: 3600 }, { date: "2026-03-03T10:30+00:00", duration: 3600 }] });
  await shot(page, "element-times");
  await page.getByRole("group", { name: "Tuesday 3 March" }).getByRole("button", { name: "11:30" }).click();
  await said("2026-03-03T10:30+00:00");

  service.say("{not a template", { contentType: INTERACTIVE, role: "CUSTOM_BOT" });
  await log(page).getByText("(a message that cannot be shown here)").waitFor();
});

/** Downloads what the button of a file leads to, in a tab of its own or not. */
async function downloaded(page, name) {
  const context = page.context();
  const saved = new Promise((resolve) => {
    page.on("download", resolve);
    context.on("page", (tab) => tab.on("download", resolve));
  });
  await page.getByRole("button", { name: `Download ${name}` }).click();
  const download = await Promise.race([saved, new Promise((_, reject) => setTimeout(() => reject(new Error(`${name} was not downloaded`)), 15_000).unref())]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test("files, with the real contact centre: chosen, dropped, scanned, downloaded, and there again in the next page", { skip }, async () => {
  const url = site.page("/files", `<relevo-chat endpoint="${relevo.url}" language="en" name="Ana" autostart></relevo-chat><script type="module" src="${relevo.url}/chat/relevo-chat.js"></script>`, { from: relevo.url });
  const page = await open(browser, url, { locale: "en-GB", viewport: { width: 420, height: 760 } });
  await log(page).locator(".message.custom-bot").first().waitFor();
  const bill = Buffer.alloc(300_000, 7);
  await page.locator("#chat-file").setInputFiles({ name: "bill año.pdf", mimeType: "application/pdf", buffer: bill });
  await own(page).getByText("being checked").waitFor();
  await log(page).getByRole("button", { name: "Download bill año.pdf" }).waitFor();
  assert.equal(await own(page).count(), 1, "the file stands there once");
  // The bot says that it cannot read it.
  await log(page).locator(".message.custom-bot").nth(1).waitFor();

  const dropped = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["hello"], "note.txt", { type: "text/plain" }));
    return data;
  });
  await page.locator("#chat-room").dispatchEvent("dragover", { dataTransfer: dropped });
  await page.locator(".room.dropping").waitFor();
  await page.locator("#chat-room").dispatchEvent("drop", { dataTransfer: dropped });
  await page.locator(".room:not(.dropping)").waitFor();
  assert.deepEqual(await downloaded(page, "note.txt"), { name: "note.txt", bytes: Buffer.from("hello") });
  const saved = await downloaded(page, "bill año.pdf");
  assert.deepEqual([saved.name, saved.bytes.equals(bill)], ["bill año.pdf", true]);

  // What begins like the scanners' test file is rejected; what Connect does not list is not taken, and can be given up.
  await page.locator("#chat-file").setInputFiles({ name: "virus.txt", mimeType: "text/plain", buffer: Buffer.from(EICAR.join("")) });
  await own(page).getByText("rejected").waitFor();
  // By keyboard alone: the button opens the browser's own dialog.
  await page.locator("#chat-log").focus();
  await tabTo(page, "#chat-attach");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Enter")]);
  await chooser.setFiles({ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<script>window.owned=1</script>") });
  await own(page).getByText("Not sent: files of this kind cannot be sent. These can: csv, doc").waitFor();
  await shot(page, "element-files");
  assert.deepEqual(await violations(page, "relevo-chat"), []);
  // Nothing would change by sending it again.
  assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
  await tabTo(page, "[data-fate='message.refused'] footer button", 20, "Shift+Tab");
  await page.keyboard.press("Enter");
  await waitFor("the refused file to go", async () => (await own(page).count()) === 3);

  await page.reload();
  await log(page).getByRole("button", { name: "Download note.txt" }).waitFor();
  await own(page).getByText("rejected").waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test("why a file is refused is said in the customer's language", { skip }, async () => {
  const url = site.page("/refused", `<relevo-chat endpoint="${relevo.url}" language="es" name="Ana" autostart></relevo-chat><script type="module" src="${relevo.url}/chat/relevo-chat.js"></script>`, { from: relevo.url });
  const page = await open(browser, url, { locale: "es-ES" });
  await log(page).locator(".message.custom-bot").first().waitFor();
  for (const [name, bytes, why] of [
    ["bill.exe", 1, "no se pueden enviar archivos de este tipo. Se pueden: csv"],
    ["bill.pdf", 0, "el archivo está vacío"],
    ["film.mp4", 20 * 1024 * 1024 + 1, /el archivo pesa más de 20\sMB/],
  ]) {
    await page.locator("#chat-file").setInputFiles({ name, mimeType: { exe: "application/x-msdownload", pdf: "application/pdf", mp4: "video/mp4" }[name.split(".")[1]], buffer: Buffer.alloc(bytes) });
    await own(page).last().getByText(why).waitFor();
    await page.getByRole("button", { name: "Descartar" }).click();
  }
  // As many as fit, and one more.
  const [many, one] = [35, 36].map((count) => Array.from({ length: count }, (_, at) => ({ name: `${at}.txt`, mimeType: "text/plain", buffer: Buffer.from("x") })));
  await page.locator("#chat-file").setInputFiles(many);
  await page.locator("#chat-file").setInputFiles(one.slice(-1));
  await own(page).getByText("este chat ya tiene sus 35 archivos y no admite más").waitFor();
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

withService("files where the chat takes none: the button goes", async (service, shopPage) => {
  const page = await shopPage("/no-files");
  service.noFiles = true;
  await page.locator("#chat-file").setInputFiles({ name: "late.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await own(page).getByText("Not sent: this chat takes no files").waitFor();
  await page.locator("#chat-attach").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Discard" }).click();
  await waitFor("the refused file to go", async () => (await own(page).count()) === 0);
});

withService("a lost connection: what is written meanwhile is said once, and what was missed is there", async (service, shopPage) => {
  const page = await shopPage("/lost");
  await page.context().setOffline(true);
  service.drop();
  await page.locator("#chat-state[data-state=reconnecting]").waitFor();
  await page.locator("#chat-message").fill("are you there?");
  await page.keyboard.press("Enter");
  await own(page).and(page.locator("[data-fate='message.waiting']")).waitFor();
  service.say("said meanwhile");
  await page.context().setOffline(false);
  await log(page).getByText("said meanwhile").waitFor();
  await own(page).locator(".tick").waitFor();
  assert.equal(await log(page).getByText("are you there?").count(), 1);
  assert.equal(new Set(service.sent.map((one) => one.ClientToken)).size, 1);
  page.complaints = page.complaints.filter((one) => !/WebSocket|ERR_INTERNET_DISCONNECTED/.test(one));
});

withService("receipts are shown and given; typing is", async (service, shopPage) => {
  const page = await shopPage("/receipts");
  await page.locator("#chat-message").fill("hello");
  await page.keyboard.press("Enter");
  await own(page).getByLabel("Sent", { exact: true }).waitFor();
  const { Id } = service.items.at(-1);
  service.receipt(Id, "delivered");
  await own(page).getByLabel("Delivered").waitFor();
  service.receipt(Id, "read");
  await own(page).getByLabel("Read").waitFor();
  service.event("typing");
  await page.locator("#chat-typing").getByText("Alex is typing").waitFor();
  service.say("here I am");
  await page.locator("#chat-typing").getByText("Alex is typing").waitFor({ state: "detached" }).catch(() => {});
  assert.equal(await page.locator("#chat-typing span").textContent(), "");
  await waitFor("our receipt", () => service.calls.includes("event"));
});

withService("the conversation can be kept, as text and as JSON, by keyboard", async (service, shopPage) => {
  const page = await shopPage("/keep");
  service.say("**hello**", { contentType: "text/markdown", role: "CUSTOM_BOT" });
  await log(page).getByText("hello").waitFor();
  const kept = async (name) => {
    await page.locator("#chat-message").focus();
    await tabTo(page, "summary", 30, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name }).waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), tabTo(page, name.endsWith("JSON") ? "#chat-save-json" : "#chat-save-text").then(() => page.keyboard.press("Enter"))]);
    return readFileSync(await download.path(), "utf8");
  };
  assert.match(await kept("Save as text"), /^\[.+\] Assistant: \*\*hello\*\*$/m);
  const json = JSON.parse(await kept("Save as JSON"));
  assert.deepEqual(json.items.map(({ role, content }) => [role, content]), [["CUSTOM_BOT", "**hello**"]]);
});

for (const [name, colorScheme, viewport] of [["light", "light", { width: 1000, height: 900 }], ["dark, narrow", "dark", { width: 320, height: 700 }]]) {
  withService(`everything in it can be read and reached by everybody: axe finds nothing (${name})`, async (service, shopPage) => {
    const page = await shopPage(`/axe-${colorScheme}`, { colorScheme, viewport, reducedMotion: "reduce", attributes: `theme="${colorScheme}"` });
    service.event("participant.joined");
    service.say("# Hello\n\n- one\n- [two](https://a.example)\n\n```\ncode\n```\n> said", { contentType: "text/markdown", role: "CUSTOM_BOT" });
    service.say(JSON.stringify({ templateType: "ListPicker", data: { content: { title: "Which?", subtitle: "One of them", elements: [{ title: "A", subtitle: "first" }, { title: "B" }] } } }), { contentType: INTERACTIVE, role: "CUSTOM_BOT" });
    service.say("see https://a.example", { role: "AGENT" });
    service.say("please wait", { role: "SYSTEM" });
    await page.locator("#chat-file").setInputFiles({ name: "bill.pdf", mimeType: "application/pdf", buffer: Buffer.from("x") });
    await page.locator("#chat-message").fill("thank you");
    await page.keyboard.press("Enter");
    await own(page).locator(".tick").last().waitFor();
    service.receipt(service.items.at(-1).Id, "read");
    await own(page).getByLabel("Read").last().waitFor();
    await page.locator("#chat-menu summary").click();
    await shot(page, `element-${colorScheme}`);
    assert.deepEqual(await violations(page, "relevo-chat"), []);
    await page.keyboard.press("Escape");
    // Nothing to press is smaller than 24 by 24 pixels (WCAG 2.2, 2.5.8), but for links within text.
    const small = await page.locator("relevo-chat button:visible, relevo-chat summary:visible, relevo-chat textarea:visible").evaluateAll((all) => all.map((one) => [one.id || one.textContent, one.getBoundingClientRect()]).filter(([, { width, height }]) => width < 24 || height < 24).map(([name]) => name));
    assert.deepEqual(small, []);
    await page.getByRole("button", { name: "End chat" }).click();
    assert.deepEqual(await violations(page, "relevo-chat"), []);
    await page.getByRole("button", { name: "Yes, end it" }).click();
    await page.locator("#chat-over").waitFor();
    assert.deepEqual(await violations(page, "relevo-chat"), []);
    const wider = await overflow(page);
    assert.ok(wider <= 0, `${wider} px wider than the window`);
    // And again: a new chat.
    await page.getByRole("button", { name: "Start again" }).click();
    await page.locator("#chat-start-button").waitFor();
  });
}
