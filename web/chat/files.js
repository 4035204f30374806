// Files come by a button, dropped, or pasted.

/**
 * @param {object} parts
 * @param {HTMLElement} parts.room where they may be dropped; `dropping` while one is held above it
 * @param {HTMLButtonElement} parts.button
 * @param {HTMLInputElement} parts.input
 * @param {(file: File) => void} parts.onFile
 */
export function acceptFiles({ room, button, input, onFile }) {
  const take = (/** @type {FileList | undefined | null} */ files) => {
    if (!button.hidden) for (const file of files ?? []) onFile(file);
  };
  const holdsFiles = (/** @type {DragEvent} */ event) => !button.hidden && event.dataTransfer?.types.includes("Files");

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  room.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    room.classList.add("dropping");
  });
  room.addEventListener("dragleave", (event) => {
    if (!(event.relatedTarget instanceof Node) || !room.contains(event.relatedTarget)) room.classList.remove("dropping");
  });
  room.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    room.classList.remove("dropping");
    take(event.dataTransfer?.files);
  });
  room.addEventListener("paste", (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
}
