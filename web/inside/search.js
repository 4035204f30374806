// Past contacts, found by name, attribute, words, state and day.

import * as api from "../base/api.js";
import { byId, element, setText } from "../base/dom.js";
import { clock } from "../base/format.js";
import { translator } from "../base/i18n.js";
import { href } from "../base/router.js";

export class Search {
  /** @param {{ language: () => string }} options */
  constructor({ language }) {
    this.language = language;
    byId("find-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.find();
    });
    byId("inside-find").addEventListener("toggle", () => byId("inside-find").open && void this.find());
  }

  async find() {
    const query = Object.fromEntries([...new FormData(byId("find-form"))].filter(([, value]) => value !== ""));
    const say = translator(this.language());
    try {
      const { contacts, total } = await api.search(query);
      setText(byId("find-count"), total > contacts.length ? say("find.first", { count: total, shown: contacts.length }) : say("find.count", { count: total }));
      byId("find-results").replaceChildren(...contacts.map((one) => this.#row(one, say)));
    } catch (error) {
      setText(byId("find-count"), error.message);
    }
  }

  #row(one, say) {
    const day = new Intl.DateTimeFormat(this.language(), { dateStyle: "medium" }).format(one.startedAtMs);
    return element(
      "li",
      {},
      element(
        "a",
        { href: href("inside", one.contactId) },
        element("strong", {}, one.customerDisplayName),
        element("span", { class: "quiet-text" }, `${day}, ${clock(one.startedAtMs, this.language())}`),
        element("span", { class: "chip" }, say(`stage.${one.state}`)),
        one.excerpt ? element("q", {}, one.excerpt) : null,
      ),
    );
  }
}
