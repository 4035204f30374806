// Tells when something on the server has changed: by its event stream, and by the clock in case that stream is silent.

const SETTLE_MS = 120;
const EVERY_MS = 5_000;
const REOPEN_MS = 2_000;

/**
 * Calls `listener` soon after every change, many changes at once being one, and now.
 * `listener` may be asynchronous; it is never called a second time before it has finished.
 * @param {() => Promise<void> | void} listener
 * @returns {() => void} asks for a call, for who has changed something
 */
export function onChange(listener) {
  let asked = false;
  let running = false;
  let again = false;

  const run = async () => {
    asked = false;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await listener();
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
  };
  const ask = () => {
    // Not put off by what comes meanwhile: a lively chat would otherwise never be read.
    if (asked) return;
    asked = true;
    setTimeout(run, SETTLE_MS);
  };
  watchers.add(ask);
  setInterval(ask, EVERY_MS);
  ask();
  return ask;
}

/** @type {Set<() => void>} */
const watchers = new Set();

/** Opens the event stream; once a page. */
export function watchServer() {
  const source = new EventSource("/relevo/inspector/events");
  const tell = () => watchers.forEach((ask) => ask());
  source.addEventListener("message", tell);
  source.addEventListener("open", tell);
  source.addEventListener("error", () => {
    tell();
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(watchServer, REOPEN_MS);
  });
}
