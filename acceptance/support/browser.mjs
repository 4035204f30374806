// Chromium as Debian has it, driven by playwright-core.

import { existsSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { fromWork } from "./relevo.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const SHOTS = fileURLToPath(new URL("../.work/shots/", import.meta.url));

/** Why there is no browser, or `false`. */
export const noBrowser = existsSync(CHROMIUM) ? false : `${CHROMIUM} is not installed`;

const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Names of other people's sites that lead to this machine, for what such a page may do.
  "--host-resolver-rules=MAP *.example 127.0.0.1",
];

export function launch() {
  const { chromium } = fromWork("playwright-core");
  const args = process.getuid?.() === 0 ? ["--no-sandbox", ...FLAGS] : FLAGS;
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** A page in a fresh browser profile; what goes wrong in it is kept in `page.complaints`. */
export async function open(browser, url, options) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 950 }, ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(String(error.stack ?? error)));
  page.on("console", (message) => {
    // Chromium says itself that a request failed; the page handles that. Everything else is a defect.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) page.complaints.push(message.text());
  });
  page.on("request", (request) => {
    const { hostname } = new URL(request.url());
    if (!["127.0.0.1", "localhost", ""].includes(hostname) && !hostname.endsWith(".example")) page.complaints.push(`asks another host: ${request.url()}`);
  });
  // Whoever listens only when the button is pressed may come after the browser's dialog, which then nobody sees.
  page.on("filechooser", () => {});
  await page.goto(url);
  return page;
}

/**
 * What axe finds. Without its own look at the style sheets, which the page's policy refuses and complains of.
 * @param {string} [part] a selector
 */
export async function violations(page, part) {
  const { AxeBuilder } = fromWork("@axe-core/playwright");
  const axe = new AxeBuilder({ page }).options({ preload: false });
  const found = await (part ? axe.include(part) : axe).analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary})`).join(", ")}`);
}

/** The four ways a page is looked at: a name and what a browser's context is opened with. */
export const LOOKS = ["wide", "phone"].flatMap((shape) =>
  ["light", "dark"].map((colorScheme) => [`${shape}-${colorScheme}`, { viewport: shape === "wide" ? { width: 1440, height: 950 } : { width: 360, height: 740 }, colorScheme, reducedMotion: "reduce" }]),
);

/** How much wider the page is than its window. */
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export async function shot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage: true });
}

/** Whether the element has the focus, in whatever tree it stands. */
export const focused = (page, selector) =>
  page.evaluate((wanted) => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return Boolean(active?.matches(wanted));
  }, selector);

/** Goes on with Tab until the element has the focus, as somebody without a mouse does. */
export async function tabTo(page, selector, most = 60, key = "Tab") {
  for (let presses = 0; presses < most; presses += 1) {
    if (await focused(page, selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not come to ${selector}`);
}
