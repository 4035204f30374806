// Asks before something that cannot be taken back.

import { element } from "./dom.js";
import { speak } from "./i18n.js";

/**
 * @param {string} language
 * @param {Node} [place] a shadow root asks in its own tree, for its own styles
 * @returns {Promise<boolean>}
 */
export function confirmEnd(language, place = document.body) {
  const dialog = /** @type {HTMLDialogElement} */ (
    element(
      "dialog",
      { "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text" },
      element(
        "form",
        { method: "dialog" },
        element("h2", { id: "confirm-title", "data-text": "chat.end-question" }),
        element("p", { id: "confirm-text", "data-text": "chat.end-explained" }),
        element("p", { class: "buttons" }, element("button", { value: "no", "data-text": "dialog.no", autofocus: true }), element("button", { value: "yes", class: "danger", "data-text": "dialog.yes" })),
      ),
    )
  );
  place.appendChild(dialog);
  speak(dialog, language);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }, { once: true });
  });
}
