// Making and changing elements. Text only ever goes in as text: what people and models write is hostile.

/**
 * A new element.
 * @param {string} tag
 * @param {Record<string, string | boolean | ((event: Event) => void)>} [properties] attributes; `class`; `onclick` and the like as functions
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/**
 * The element with this id, which the page is known to have.
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

/** Changes an element's text only when it differs, so that screen readers are not told the same twice. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

/**
 * Brings a list's children in line with rows, keeping the elements (and with them focus and open details) of rows that stay.
 * @template Row
 * @param {HTMLElement} list
 * @param {Row[]} rows
 * @param {(row: Row) => string} keyOf unique in the list
 * @param {(row: Row) => HTMLElement} make
 * @param {(made: HTMLElement, row: Row) => void} [update]
 */
export function reconcile(list, rows, keyOf, make, update) {
  const present = new Map([...list.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  /** @type {Element | null} */
  let previous = null;
  for (const row of rows) {
    const key = keyOf(row);
    let child = /** @type {HTMLElement | undefined} */ (present.get(key));
    if (child) present.delete(key);
    else {
      child = make(row);
      child.dataset.key = key;
    }
    update?.(child, row);
    const place = previous ? previous.nextSibling : list.firstChild;
    if (place !== child) list.insertBefore(child, place);
    previous = child;
  }
  for (const gone of present.values()) gone.remove();
}
