// Which view is shown: the part of the address after `#/`. A link is all it takes to go somewhere.

/**
 * @typedef {object} Route
 * @property {string} view `live`, `inside`, `overview`, `settings`
 * @property {string} [id] what follows: `#/inside/{contactId}`
 * @property {URLSearchParams} query what follows a `?`
 */

const HOME = "live";

/**
 * @param {string} [hash]
 * @returns {Route}
 */
export function route(hash = location.hash) {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view, ...rest] = path.split("/").map(decoded);
  return { view: view || HOME, id: rest.join("/") || undefined, query: new URLSearchParams(query) };
}

/** The link to a view: `#/inside/123`. */
export const href = (view, id = "") => `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}`;

/** Goes to a view; `replace` leaves no step to go back to. */
export function go(view, id = "", { replace = false } = {}) {
  const to = href(view, id);
  if (to === location.hash) return;
  if (!replace) {
    location.hash = to;
    return;
  }
  history.replaceState(null, "", to);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/**
 * Calls `listener` now and at every change.
 * @param {(now: Route) => void} listener
 */
export function onRoute(listener) {
  addEventListener("hashchange", () => listener(route()));
  listener(route());
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
