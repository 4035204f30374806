// Files come by a button, dropped, or pasted.

import { element } from "../base/dom.js";

const CLIP = "m20 11-8.6 8.6a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.4a1.7 1.7 0 0 1-2.4-2.3l7.8-7.8";

export const SEND = ["M12 19V5", "m5 12 7-7 7 7"];

/** @param {string[]} paths of an icon of 24 by 24 */
export function icon(...paths) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const one = document.createElementNS(space, "path");
    one.setAttribute("d", path);
    made.append(one);
  }
  return made;
}

/**
 * The input and the button for a form: `file` and `attach` by the attribute.
 * @param {string} attribute
 * @param {string} [prefix]
 */
export function fileParts(attribute, prefix = "") {
  return [
    element("input", { [attribute]: `${prefix}file`, type: "file", multiple: true, hidden: true }),
    element("button", { [attribute]: `${prefix}attach`, type: "button", class: "plain icon", "data-label": "chat.attach", "data-title": "chat.attach" }, icon(CLIP)),
  ];
}

/**
 * @param {HTMLElement} room where they may be dropped; `dropping` while one is held above it
 * @param {(file: File) => void} onFile
 */
export function acceptFiles(room, onFile) {
  const input = /** @type {HTMLInputElement} */ (room.querySelector("[type=file]"));
  const button = /** @type {HTMLButtonElement} */ (input.nextSibling);
  const take = (/** @type {FileList | undefined | null} */ files) => {
    if (!button.hidden) for (const file of files ?? []) onFile(file);
  };
  const hold = (/** @type {boolean} */ held) => room.classList.toggle("dropping", held);
  const on = (/** @type {string} */ type, /** @type {(event: any) => void} */ run) => room.addEventListener(type, run);

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  for (const type of ["dragover", "drop"]) {
    on(type, (event) => {
      if (button.hidden || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      hold(type === "dragover");
      if (type === "drop") take(event.dataTransfer.files);
    });
  }
  on("dragleave", ({ relatedTarget }) => {
    if (!room.contains(relatedTarget)) hold(false);
  });
  on("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
}
