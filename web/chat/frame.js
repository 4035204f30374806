// The elements of the customer's chat, in its shadow tree. Words come by `data-text` and the like.

import { element } from "../base/dom.js";
import { fileParts, icon, SEND } from "./files.js";

const STYLES = ["../base/tokens.css", "../base/reset.css", "../base/controls.css", "../base/surfaces.css", "../base/conversation.css", "./chat.css"];

/**
 * Fills the shadow root; nothing is shown before its style sheets are there.
 * @param {ShadowRoot} root
 * @returns {(id: string) => any} the element of an id
 */
export function frame(root) {
  const links = STYLES.map((path) => /** @type {HTMLLinkElement} */ (element("link", { rel: "stylesheet", href: new URL(path, import.meta.url).href })));
  const shell = element("div", { class: "shell", hidden: true }, head(), start(), room());
  const loaded = links.map((link) => new Promise((resolve) => ["load", "error"].forEach((type) => link.addEventListener(type, resolve))));
  void Promise.all(loaded).then(() => (shell.hidden = false));
  root.append(...links, shell);
  return (id) => {
    const found = root.getElementById(id);
    if (!found) throw new Error(`the chat has no #${id}`);
    return found;
  };
}

function head() {
  const menu = element(
    "details",
    { id: "chat-menu", class: "menu", hidden: true },
    element("summary", { class: "button plain icon", "data-label": "chat.menu" }, icon("M5 12h.01", "M12 12h.01", "M19 12h.01")),
    element(
      "div",
      { class: "menu-items" },
      element("button", { id: "chat-save-text", type: "button", class: "plain", "data-text": "chat.save-text" }),
      element("button", { id: "chat-save-json", type: "button", class: "plain", "data-text": "chat.save-json" }),
    ),
  );
  return element(
    "header",
    { class: "head" },
    element("h2", { id: "chat-title" }, element("slot", { name: "heading" }, element("span", { "data-text": "chat.title" }))),
    element("p", { id: "chat-state", class: "status", role: "status", hidden: true }),
    element("button", { id: "chat-end", type: "button", class: "small", "data-text": "chat.end", hidden: true }),
    element("button", { id: "chat-again", type: "button", class: "small primary", "data-text": "chat.again", hidden: true }),
    menu,
  );
}

function start() {
  return element(
    "form",
    { id: "chat-start", class: "start", autocomplete: "off" },
    element("slot", { name: "intro" }, element("p", { class: "intro", "data-text": "chat.intro" })),
    element("p", { class: "field" }, element("label", { for: "chat-name", "data-text": "chat.name" }), element("input", { id: "chat-name", maxlength: "256", "data-placeholder": "chat.name-default" })),
    element("p", { id: "chat-language-field", class: "field" }, element("label", { for: "chat-language", "data-text": "chat.language" }), element("select", { id: "chat-language" })),
    element("button", { id: "chat-start-button", class: "primary", type: "submit", "data-text": "chat.start" }),
    element("p", { id: "chat-problem", class: "problem", role: "alert" }),
  );
}

function room() {
  return element(
    "div",
    { id: "chat-room", class: "room", hidden: true },
    element("div", { id: "chat-log", class: "log", role: "log", "aria-live": "polite", tabindex: "0", "data-label": "chat.log" }),
    element("p", { id: "chat-typing", class: "typing", "aria-live": "polite" }, element("span"), element("i", { "aria-hidden": "true" })),
    element("p", { id: "chat-notice", class: "problem", role: "alert" }),
    element("p", { id: "chat-over", class: "over", role: "status", hidden: true }),
    element(
      "form",
      { id: "chat-compose", class: "compose", autocomplete: "off" },
      ...fileParts("id", "chat-"),
      element("textarea", { id: "chat-message", rows: "1", "data-label": "chat.message", "data-placeholder": "chat.placeholder" }),
      element("button", { id: "chat-send", type: "submit", class: "primary icon", "data-label": "chat.send", "data-title": "chat.send" }, icon(...SEND)),
    ),
    element("p", { class: "drop", "aria-hidden": "true", "data-text": "chat.drop" }),
  );
}
