// What can be tried: the next chat's customer, the channel's limit, the model.

import "./texts.js";
import * as api from "../base/api.js";
import { byId, element, setText } from "../base/dom.js";
import { nameOf, translator } from "../base/i18n.js";

/** What the next chat begins with; kept over reloads and shared by the tabs of this browser. */
const KEY = "relevo.next-chat";

/** @returns {{ language?: string, name?: string, attributes?: Record<string, string> }} */
export function nextChat() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** Gives the customer's chat in the page what its next chat begins with. */
function apply() {
  const { language, name, attributes } = nextChat();
  const chat = byId("chat");
  for (const [key, value] of [["language", language], ["name", name], ["contact-attributes", attributes && JSON.stringify(attributes)]]) {
    if (value) chat.setAttribute(key, value);
    else chat.removeAttribute(key);
  }
}

export class Settings {
  /** @param {{ language: () => string }} options */
  constructor({ language }) {
    this.language = language;
    this.view = byId("view-settings");
    /** @type {any} */
    this.settings = null;
    this.languages = [];
    this.drawn = "";
    this.hidden = true;
    apply();
  }

  setLanguages(languages) {
    this.languages = languages;
    this.draw();
  }

  async read() {
    // Anew whenever the view is opened: what holds may have been changed elsewhere.
    const opened = this.hidden && !this.view.hidden;
    this.hidden = this.view.hidden;
    if (this.settings && !opened) return;
    this.settings = await api.settings();
    this.draw();
  }

  draw() {
    const drawn = JSON.stringify([this.settings, this.languages, this.language()]);
    if (!this.settings || drawn === this.drawn) return;
    this.drawn = drawn;
    this.#warn();
    const say = translator(this.language());
    this.view.replaceChildren(element("h2", {}, say("settings.title")), element("div", { class: "settings" }, this.#chat(say), this.#channel(say), this.#faults(say), this.#model(say)));
  }

  /** Whoever looks for a failure must see that it was asked for. */
  #warn() {
    const { faults, chaoticStream } = this.settings;
    byId("page-faults").hidden = faults === "off" && !chaoticStream;
  }

  #card(title, text, fields, onSave, say) {
    const said = element("p", { class: "quiet-text", role: "status" });
    const form = /** @type {HTMLFormElement} */ (
      element("form", { class: "panel settings-card", autocomplete: "off" }, element("header", { class: "panel-head" }, element("h3", {}, title)), element("div", { class: "panel-body stack" }, element("p", { class: "quiet-text" }, text), ...fields, element("p", { class: "buttons" }, element("button", { class: "primary" }, say("settings.save")), said)))
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      setText(said, "");
      try {
        await onSave(new FormData(form));
        setText(said, say("settings.saved"));
        said.classList.remove("problem");
      } catch (error) {
        setText(said, error.message);
        said.classList.add("problem");
      }
    });
    return form;
  }

  #chat(say) {
    const now = nextChat();
    const rows = element("div", { class: "stack", id: "settings-attributes" });
    const add = (key = "", value = "") => {
      const row = element(
        "div",
        { class: "attribute-row" },
        element("input", { name: "key", value: key, "aria-label": say("settings.key"), placeholder: say("settings.key"), pattern: "[A-Za-z0-9_\\-]+" }),
        element("input", { name: "value", value, "aria-label": say("settings.value"), placeholder: say("settings.value") }),
        element("button", { type: "button", class: "icon", "aria-label": say("settings.remove"), onclick: () => row.remove() }, "×"),
      );
      rows.append(row);
      return row;
    };
    for (const [key, value] of Object.entries(now.attributes ?? {})) add(key, value);
    const fields = [
      field("settings-name", say("settings.name"), element("input", { id: "settings-name", name: "name", maxlength: "256", value: now.name ?? "" })),
      field(
        "settings-language",
        say("settings.language"),
        element("select", { id: "settings-language", name: "language" }, element("option", { value: "" }, say("settings.language-any")), ...this.languages.map((one) => element("option", { value: one, selected: one === now.language }, nameOf(one)))),
      ),
      element("fieldset", { class: "attribute-rows" }, element("legend", {}, say("settings.attributes")), rows, element("button", { type: "button", class: "small", onclick: () => add().querySelector("input")?.focus() }, say("settings.add"))),
    ];
    return this.#card(say("settings.chat"), say("settings.chat-about"), fields, (data) => {
      const values = data.getAll("value");
      const attributes = Object.fromEntries(data.getAll("key").map((key, n) => [String(key).trim(), String(values[n])]).filter(([key]) => key !== ""));
      const next = { name: data.get("name") || undefined, language: data.get("language") || undefined, attributes: Object.keys(attributes).length > 0 ? attributes : undefined };
      localStorage.setItem(KEY, JSON.stringify(next));
      apply();
    }, say);
  }

  #channel(say) {
    const { messageLimitBytes, messageLimits, chaoticStream } = this.settings;
    const input = element("input", { id: "settings-limit", name: "limit", type: "number", min: String(messageLimits.least), max: String(messageLimits.most), value: String(messageLimitBytes), required: true });
    const chaotic = element("p", { class: "check" }, element("input", { id: "settings-chaotic", name: "chaotic", type: "checkbox", checked: chaoticStream }), element("label", { for: "settings-chaotic" }, say("settings.chaotic")));
    return this.#card(say("settings.channel"), say("settings.channel-about"), [field("settings-limit", say("settings.limit"), input), chaotic], async (data) => {
      const change = { messageLimitBytes: Number(data.get("limit")), chaoticStream: data.get("chaotic") !== null };
      Object.assign(this.settings, await api.changeSettings(change));
      this.#warn();
    }, say);
  }

  #faults(say) {
    const now = this.settings.faults;
    const options = ["own", "off", "throttling", "slow", "lost"].filter((one) => one !== "own" || one === now).map((one) => element("option", { value: one, selected: one === now, disabled: one === "own" }, say(`settings.faults-${one}`)));
    const about = element("span", { class: "quiet-text", id: "settings-faults-is" });
    const select = /** @type {HTMLSelectElement} */ (element("select", { id: "settings-faults", name: "set", "aria-describedby": "settings-faults-is", onchange: () => tell() }, ...options));
    const tell = () => setText(about, say(`settings.faults-is-${select.value}`));
    tell();
    const shown = field("settings-faults", say("settings.faults-set"), select);
    shown.append(about);
    return this.#card(say("settings.faults"), say("settings.faults-about"), [shown], async (data) => {
      await api.faults(data.get("set"));
      this.settings.faults = data.get("set");
      this.#warn();
    }, say);
  }

  #model(say) {
    const { models, model } = this.settings;
    if (models.length === 0) {
      return element("section", { class: "panel settings-card" }, element("header", { class: "panel-head" }, element("h3", {}, say("settings.model"))), element("p", { class: "panel-body quiet-text" }, say("settings.model-elsewhere")));
    }
    const options = models.map((one) => element("option", { value: one, selected: one === model[0] }, one));
    const about = say("settings.model-about", { now: model.join(", ") });
    return this.#card(say("settings.model"), about, [field("settings-model", say("settings.model-ask"), element("select", { id: "settings-model", name: "model" }, ...options))], async (data) => {
      const settings = await api.changeSettings({ model: [String(data.get("model"))] });
      this.settings.model = settings.model;
    }, say);
  }
}

function field(id, label, input) {
  return element("p", { class: "field" }, element("label", { for: id }, label), input);
}
