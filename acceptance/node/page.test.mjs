// What is promised about the page: its types, its weight, its speed, and that nobody else's page reads what stands in it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { launch, noBrowser, open } from "../support/browser.mjs";
import { ParticipantService } from "../support/participant.mjs";
import { Relevo, sleep, waitFor } from "../support/relevo.mjs";
import { Site } from "../support/site.mjs";

const skip = noBrowser;
const WEB = fileURLToPath(new URL("../../web/", import.meta.url));
const MOST_BYTES = 250_000;

let relevo, site, allowed, browser;
before(async () => {
  if (skip) return;
  [site, allowed] = [await Site.start("evil.example"), await Site.start("shop.example")];
  [relevo, browser] = await Promise.all([Relevo.start({ more: ["--allow-origin", allowed.origin] }), launch()]);
});
after(async () => {
  await browser?.close();
  await relevo?.stop();
  await Promise.all([site?.stop(), allowed?.stop()]);
});

test("the page's modules are well typed (tsc --checkJs)", async () => {
  const acceptance = fileURLToPath(new URL("..", import.meta.url));
  const tsc = createRequire(join(acceptance, ".work/node/")).resolve("typescript/package.json").replace("package.json", "bin/tsc");
  const said = await new Promise((resolve) => execFile(process.execPath, [tsc, "-p", join(acceptance, "jsconfig.json"), "--pretty", "false"], (error, stdout) => resolve(error ? stdout || String(error) : "")));
  assert.equal(said, "");
});

test("all assets together stay light", { skip }, async (t) => {
  const files = readdirSync(WEB, { recursive: true, withFileTypes: true }).filter((one) => one.isFile() && /\.(html|css|js)$/.test(one.name));
  let bytes = 0;
  for (const one of files) bytes += (await (await fetch(`${relevo.url}/${relative(WEB, join(one.parentPath, one.name))}`)).arrayBuffer()).byteLength;
  t.diagnostic(`${bytes} bytes in ${files.length} files`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
});

test("the first paint is quick", { skip }, async (t) => {
  const paints = [];
  for (let run = 0; run < 5; run += 1) {
    const page = await open(browser, relevo.url);
    paints.push(await waitFor("a paint", () => page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime)));
    await page.context().close();
  }
  paints.sort((one, other) => one - other);
  t.diagnostic(`first contentful paint, five fresh profiles: ${paints.map(Math.round).join(", ")} ms`);
  // What is promised is 200 ms on a quiet machine, and told above; this is what no machine excuses.
  assert.ok(paints[2] < 1_500, `${paints[2]} ms`);
});

test("the chat has all its words in every language that it speaks", { skip }, async () => {
  const page = await open(browser, relevo.url);
  const missing = await page.evaluate(async () => {
    const [{ spoken, keys }] = [await import("/chat/texts.js")];
    return spoken.flatMap((language) => keys(spoken[0]).filter((key) => !keys(language).includes(key)).map((key) => `${language}: ${key}`));
  });
  assert.deepEqual(missing, []);
  await page.context().close();
});

/** What a page gets when it asks for these, as far as it can read it. */
const asked = (page, urls) =>
  page.evaluate(async (all) => {
    const answers = {};
    for (const [name, url, init] of all) {
      answers[name] = await fetch(url, init).then(async (answer) => `${answer.status} ${(await answer.text()).slice(0, 60)}`, () => "refused");
    }
    return answers;
  }, urls);

/** Whether a page can open the websocket. */
const socket = (page, url) =>
  page.evaluate((to) => new Promise((resolve) => {
    const made = new WebSocket(to);
    made.addEventListener("open", () => resolve("open"));
    made.addEventListener("error", () => resolve("refused"));
  }), url);

async function withChat() {
  const info = await relevo.call("GET", "/relevo/info");
  const started = await relevo.call("PUT", "/contact/chat", { InstanceId: info.instanceId, ContactFlowId: info.contactFlowId, ParticipantDetails: { DisplayName: "Ana" } });
  const { Websocket } = await relevo.call("POST", "/participant/connection", { Type: ["WEBSOCKET"] }, { "x-amz-bearer": started.ParticipantToken });
  const json = { "content-type": "application/json" };
  return {
    started,
    socket: Websocket.Url,
    urls: [
      ["info", `${relevo.url}/relevo/info`],
      ["contacts", `${relevo.url}/relevo/inspector/contacts`],
      ["contact", `${relevo.url}/relevo/inspector/contacts/${started.ContactId}`],
      ["events", `${relevo.url}/relevo/inspector/events`],
      ["desk", `${relevo.url}/relevo/desk/contacts`],
      ["accept", `${relevo.url}/relevo/desk/contacts/${started.ContactId}/accept`, { method: "POST", headers: json, body: `{"displayName":"Eve"}` }],
      ["attributes", `${relevo.url}/contact/attributes/${info.instanceId}/${started.ContactId}`],
      ["start", `${relevo.url}/contact/chat`, { method: "PUT", headers: json, body: "{}" }],
      ["transcript", `${relevo.url}/participant/transcript`, { method: "POST", headers: { ...json, "x-amz-bearer": started.ParticipantToken }, body: "{}" }],
    ],
  };
}

test("a page of another origin reads nothing of a developer's chats", { skip }, async () => {
  const chat = await withChat();
  const page = await open(browser, site.page("/", ""));
  const answers = await asked(page, chat.urls);
  assert.deepEqual([...new Set(Object.values(answers))], ["refused"], JSON.stringify(answers));
  assert.equal(await socket(page, chat.socket), "refused");
  // Nor by a script, a style, a frame or an image of it.
  for (const tag of ["script", "iframe", "img", "link"]) {
    const outcome = await page.evaluate(([name, url]) => new Promise((resolve) => {
      const made = Object.assign(document.createElement(name), name === "link" ? { rel: "stylesheet", href: url } : { src: url });
      made.addEventListener("load", () => {
        // A frame that was refused "loads" as well: as an error page that cannot be looked into.
        try {
          resolve(made.contentDocument ? made.contentDocument.body.textContent : name === "iframe" ? "closed" : "loaded");
        } catch {
          resolve("closed");
        }
      });
      made.addEventListener("error", () => resolve("refused"));
      document.body.append(made);
    }), [tag, `${relevo.url}/relevo/inspector/contacts`]);
    assert.ok(["refused", "closed"].includes(outcome), `${tag}: ${outcome}`);
  }
  await page.context().close();
});

test("a name that was bent to this machine leads nowhere (DNS rebinding)", { skip }, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const path of ["/", "/relevo/inspector/contacts", "/relevo/info"]) {
    const answer = await page.goto(`http://rebound.example:${relevo.port}${path}`);
    assert.equal(answer.status(), 403, path);
    assert.doesNotMatch(await answer.text(), /contactId|instanceId/);
  }
  await context.close();
});

test("an origin that is allowed may chat, and still not look inside", { skip }, async () => {
  const chat = await withChat();
  const page = await open(browser, allowed.page("/", ""));
  const answers = await asked(page, chat.urls);
  for (const may of ["info", "start", "transcript"]) assert.notEqual(answers[may], "refused", may);
  for (const not of ["contacts", "contact", "events", "desk", "accept"]) assert.match(answers[not], /^403 /, not);
  assert.equal(await socket(page, chat.socket), "open");
  // So it is for another program's page on this machine.
  const local = await open(browser, `${allowed.page("/local", "").replace("shop.example", "127.0.0.1")}`);
  const there = await asked(local, chat.urls);
  for (const not of ["contacts", "contact", "desk", "accept"]) assert.match(there[not], /^403 /, not);
  await page.context().close();
  await local.context().close();
});

/** A started chat with a participant service whose transcript is `items` long. */
async function chatWith(service, path) {
  const url = allowed.page(path, `<relevo-chat endpoint="${service.url}" start-url="${service.url}/start" language="en" name="Ana" autostart></relevo-chat><script type="module" src="${relevo.url}/chat/relevo-chat.js"></script>`);
  return open(browser, url, { viewport: { width: 420, height: 800 } });
}

test("a transcript of 1,000 messages opens quickly, at its end", { skip }, async (t) => {
  const service = await ParticipantService.start();
  for (let at = 0; at < 1_000; at += 1) service.say(`message ${at}: ${"some words that need a line or two of their own ".repeat(at % 4)}`, { role: at % 3 ? "CUSTOM_BOT" : "AGENT", contentType: at % 2 ? "text/markdown" : "text/plain" });
  const page = await chatWith(service, "/long");
  const took = await page.evaluate(async () => {
    const root = document.querySelector("relevo-chat").shadowRoot;
    while (!root.querySelector("#chat-log .message")) await new Promise((resolve) => setTimeout(resolve, 5));
    const from = performance.now();
    while (root.querySelectorAll("#chat-log .message").length < 1_000) await new Promise(requestAnimationFrame);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return performance.now() - from;
  });
  const total = await page.evaluate(() => performance.now());
  t.diagnostic(`drawn in ${Math.round(took)} ms, ${Math.round(total)} ms after the page was asked for`);
  assert.ok(took < 5_000, `${took} ms`);
  await page.locator("#chat-log").getByText(/^message 999/).waitFor();
  await waitFor("the end in sight", () => page.locator("#chat-log").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 4));
  // Who reads further up is not taken away from there; a button leads back.
  await page.locator("#chat-log").evaluate((log) => (log.scrollTop = 400));
  await sleep(200);
  const top = await page.locator("#chat-log").evaluate((log) => log.scrollTop);
  service.say("one more");
  await page.getByRole("button", { name: "New messages" }).waitFor();
  assert.ok(Math.abs((await page.locator("#chat-log").evaluate((log) => log.scrollTop)) - top) < 50);
  await page.getByRole("button", { name: "New messages" }).click();
  await waitFor("the end in sight", () => page.locator("#chat-log").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight < 4));
  assert.deepEqual(page.complaints, []);
  await page.context().close();
  await service.stop();
});

test("200 messages a second stay smooth", { skip }, async (t) => {
  const service = await ParticipantService.start();
  const page = await chatWith(service, "/fast");
  await page.locator("#chat-state[data-state=connected]").waitFor();
  await page.evaluate(() => {
    window.frames_ = [];
    const step = (now) => {
      window.frames_.push(now);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  const began = Date.now();
  for (let tick = 0; tick < 150; tick += 1) {
    for (let one = 0; one < 4; one += 1) service.say(`message ${tick * 4 + one} with **some** words`, { contentType: "text/markdown", role: "CUSTOM_BOT" });
    await sleep(Math.max(0, began + (tick + 1) * 20 - Date.now()));
  }
  const rate = 600_000 / (Date.now() - began);
  await page.locator("#chat-log").getByText("message 599 with").waitFor();
  const frames = await page.evaluate(() => window.frames_);
  const gaps = frames.slice(1).map((at, index) => at - frames[index]).sort((one, other) => one - other);
  const [median, worst] = [gaps[Math.floor(gaps.length / 2)], gaps[Math.floor(gaps.length * 0.95)]];
  t.diagnostic(`${Math.round(rate)} messages a second; between frames ${Math.round(median)} ms, 95 % within ${Math.round(worst)} ms`);
  assert.ok(median < 100 && worst < 400, `${median} ms, ${worst} ms`);
  // What is written meanwhile is not lost, and the line one writes in is not slow.
  await page.locator("#chat-message").fill("still here");
  await page.keyboard.press("Enter");
  await page.locator("#chat-log .message.own .tick").waitFor();
  await page.context().close();
  await service.stop();
});
