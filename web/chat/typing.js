// Who is typing: the others, for as long as one takes it that they still are, and ourselves, told now and then.

/** Somebody who said so is taken to be typing for this long. */
const SHOWN_MS = 12_000;
/** Our own typing is told at most this often. */
const TOLD_MS = 6_000;

const CONTENT_TYPE = "application/vnd.amazonaws.connect.event.typing";

export class Typing {
  /**
   * @param {object} options
   * @param {() => void} options.onChange
   * @param {(contentType: string) => Promise<unknown>} options.send
   */
  constructor({ onChange, send }) {
    this.#onChange = onChange;
    this.#send = send;
  }

  #onChange;
  #send;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #toldAt = 0;
  /** @type {{ name: string, role: string } | null} */
  who = null;

  /** @param {{ name: string, role: string } | null} who */
  show(who) {
    this.clear(who);
    if (who) this.#timer = setTimeout(() => this.show(null), SHOWN_MS);
    this.#onChange();
  }

  /**
   * As `show`, for who tells of the change himself.
   * @param {{ name: string, role: string } | null} [who]
   */
  clear(who = null) {
    clearTimeout(this.#timer);
    this.who = who;
  }

  /** We are; nobody minds when it is lost. */
  tell() {
    const now = Date.now();
    if (now - this.#toldAt < TOLD_MS) return;
    this.#toldAt = now;
    this.#send(CONTENT_TYPE).catch(() => {});
  }

  /** What we typed is said: what we type next is told at once. */
  said() {
    this.#toldAt = 0;
  }
}
