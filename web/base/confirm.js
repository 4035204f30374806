// Asks before something that cannot be taken back.

import { byId } from "./dom.js";
import { speak } from "./i18n.js";

/**
 * @param {string} language
 * @returns {Promise<boolean>}
 */
export function confirmEnd(language) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("confirm"));
  speak(dialog, language);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
