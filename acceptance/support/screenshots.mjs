// The pictures of README and docs: a customer with the bot, then with a person, wide and on a phone, light and dark.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { launch, noBrowser, open } from "./browser.mjs";
import { Relevo, waitFor } from "./relevo.mjs";

const [folder] = process.argv.slice(2);
const LINES = ["Where is my parcel 10020030? My document is 12345678-9", "I want to complain, it is months late and nobody tells me anything", "This is not helping, put me through to a person"];

if (noBrowser) throw new Error(noBrowser);
mkdirSync(folder, { recursive: true });
const [relevo, browser] = await Promise.all([Relevo.start(), launch()]);

const chat = (page) => page.locator("#chat-log");

/** Says it and waits for what is answered, until nothing more comes. */
async function ask(page, text) {
  const said = () => chat(page).locator(".message:not(.own)").count();
  const known = await said();
  await page.locator("#chat-message").fill(text);
  await page.locator("#chat-message").press("Enter");
  await waitFor(`an answer to: ${text}`, async () => (await said()) > known);
  await page.waitForTimeout(700);
}

async function begin(page, name) {
  await page.locator("#chat-name").fill(name);
  await page.locator("#chat-start-button").click();
  await chat(page).locator(".message.custom-bot").first().waitFor();
}

/** The whole way to a person. */
async function handOver(page, name) {
  await begin(page, name);
  for (const line of LINES) await ask(page, line);
  const desk = page.locator(".halves [data-to=desk]");
  if (await desk.isVisible()) await desk.click();
  await page.getByRole("button", { name: `Accept ${name}` }).first().click();
  await page.locator("#desk-message").fill(`Hello ${name}, I am Alex. I have read everything, and I am calling the depot now.`);
  await page.locator("#desk-message").press("Enter");
  const customer = page.locator(".halves [data-to=chat]");
  if (await customer.isVisible()) await customer.click();
  await chat(page).getByText("I am Alex").waitFor();
  await page.locator("#chat-message").fill("Thank you, that is kind");
  await page.locator("#chat-message").press("Enter");
  await chat(page).locator(".message.own .tick").last().waitFor();
  await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement)?.blur());
  // Receipts have been given.
  await page.waitForTimeout(1_500);
}

async function take(name, options, run) {
  const page = await open(browser, relevo.url, { locale: "en-GB", reducedMotion: "reduce", ...options });
  await run(page);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  return page;
}

try {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const suffix = colorScheme === "dark" ? "-dark" : "";
    const page = await take(`page${suffix}`, { viewport: { width: 1440, height: 900 }, colorScheme }, (page) => handOver(page, "Ana"));
    for (const tab of await page.locator("#tabs a").all()) {
      const view = (await tab.getAttribute("href"))?.slice(2);
      if (!view || view === "live") continue;
      await tab.click();
      await page.waitForTimeout(900);
      await page.screenshot({ path: join(folder, `${view}${suffix}.png`) });
    }
    await page.context().close();
    const phone = await take(`phone${suffix}`, { viewport: { width: 390, height: 844 }, colorScheme, deviceScaleFactor: 2 }, (page) => handOver(page, "Eva"));
    await phone.context().close();
  }
} finally {
  await browser.close();
  await relevo.stop();
}
