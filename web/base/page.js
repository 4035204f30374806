// What the views share: the page's language, and which view is shown.

import "./texts.js";
import { byId, element } from "./dom.js";
import { languages, nameOf, preferred, speak } from "./i18n.js";
import { recall, remember } from "./remember.js";

const KEY = "relevo.page";
const listeners = new Set();

/** The page's language: of everything but the customer's chat, which speaks the customer's. */
export const page = {
  language: recall(KEY)?.language ?? preferred(),

  /** Puts the words into the bar and the views; not into the chat. */
  speak() {
    document.documentElement.lang = page.language;
    for (const part of document.querySelectorAll("[data-speaks]")) speak(/** @type {HTMLElement} */ (part), page.language);
  },

  /** @param {(language: string) => void} listener called at every change of the language */
  onLanguage(listener) {
    listeners.add(listener);
  },
};

const choice = byId("page-language");
choice.append(...languages.map((one) => element("option", { value: one, lang: one }, nameOf(one))));
choice.value = page.language;
choice.addEventListener("change", () => {
  page.language = choice.value;
  remember(KEY, { language: page.language });
  page.speak();
  listeners.forEach((listener) => listener(page.language));
});

const live = byId("view-live");
for (const half of live.querySelectorAll(".halves > button")) {
  half.addEventListener("click", () => showHalf(/** @type {HTMLElement} */ (half).dataset.to ?? "chat"));
}

/** On a phone: the customer's half of Live, or the desk's. */
export function showHalf(which) {
  live.dataset.half = which;
  for (const half of live.querySelectorAll(".halves > button")) {
    half.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (half).dataset.to === which));
  }
}

/**
 * Shows one view and marks its tab.
 * @param {string} view
 * @returns {boolean} whether there is such a view
 */
export function showView(view) {
  const views = /** @type {HTMLElement[]} */ ([...byId("views").children]);
  const wanted = views.find((one) => one.id === `view-${view}`);
  if (!wanted) return false;
  for (const one of views) one.hidden = one !== wanted;
  for (const tab of byId("tabs").querySelectorAll("a")) {
    if (tab.getAttribute("href") === `#/${view}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  return true;
}

for (const part of ["chat", "desk"]) {
  byId(`skip-${part}`).addEventListener("click", () => {
    showHalf(part);
    // After the change of the view, if there is one: what is hidden cannot have the focus.
    setTimeout(() => byId(part).focus());
  });
}
