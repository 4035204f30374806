// The line people write in: Enter sends, Shift and Enter begins a new line.

/**
 * @param {HTMLFormElement} form with one textarea
 * @param {{ onSend: (text: string) => void, onTyping: () => void, onDraft?: (text: string) => void }} handlers
 */
export function composer(form, { onSend, onTyping, onDraft = () => {} }) {
  const input = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === "") return;
    input.value = "";
    onDraft("");
    onSend(text);
    input.focus();
  });
  input.addEventListener("keydown", (event) => {
    // An input method uses Enter to take its suggestion; that is not ours.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  input.addEventListener("input", () => {
    onDraft(input.value);
    if (input.value.trim() !== "") onTyping();
  });

  return {
    /** @param {string} text */
    setDraft(text) {
      input.value = text;
    },
    focus: () => input.focus(),
  };
}
