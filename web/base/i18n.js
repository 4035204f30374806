// Words in the languages there are words for, and which of them an element shows. Every part brings its own words (`texts.js`).

/** @type {Record<string, Record<string, string>>} */
const texts = {};

/** Languages the page itself speaks. A part may know more of them. */
export const languages = ["en", "es"];

/**
 * Takes in a part's words.
 * @param {Record<string, Record<string, string>>} words by language, then by key
 */
export function learn(words) {
  for (const [language, own] of Object.entries(words)) texts[language] = { ...texts[language], ...own };
}

/** The first of the browser's languages that is offered. */
export function preferred(offered = languages) {
  for (const wanted of navigator.languages ?? [navigator.language]) {
    const primary = wanted.toLowerCase().split("-")[0];
    if (offered.includes(primary)) return primary;
  }
  return offered[0];
}

/**
 * A translator into a language; one that the page does not speak gets English.
 * @param {string} language
 * @returns {(key: string, values?: Record<string, string | number>) => string}
 */
export function translator(language) {
  const own = texts[language] ?? texts.en;
  return (key, values = {}) => {
    const text = own[key] ?? texts.en[key];
    if (text === undefined) return key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
  };
}

/**
 * A language as the reader's region writes dates and times in it: `en-GB` for `en`, if the browser says so.
 * @param {string} language
 */
export const regional = (language) => navigator.languages?.find((one) => one.toLowerCase().split("-")[0] === language.toLowerCase()) ?? language;

/** A language's name in itself: `Español`. */
export function nameOf(language) {
  try {
    const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
    return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
  } catch {
    return language;
  }
}

/**
 * Puts the words of a language into a part of the page: `data-text` is an element's text; `data-label`, `data-placeholder`
 * and `data-title` its attributes.
 * @param {HTMLElement} part
 * @param {string} language
 */
export function speak(part, language) {
  const say = translator(language);
  part.lang = texts[language] ? language : "en";
  for (const target of [part, ...part.querySelectorAll("*")]) {
    const { text, label, placeholder, title } = /** @type {HTMLElement} */ (target).dataset;
    if (text) target.textContent = say(text);
    if (label) target.setAttribute("aria-label", say(label));
    if (placeholder) target.setAttribute("placeholder", say(placeholder));
    if (title) target.setAttribute("title", say(title));
  }
}
