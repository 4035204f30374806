// The tone when a contact waits. No file: two notes, each a sine with a little of its octave, struck and dying away like a bell's.

/** When each note begins, in seconds, and its pitch in Hz: a fourth upwards. */
const NOTES = [[0, 659.26], [0.16, 880]];
/** What a note is made of: multiples of its pitch, and how loud (1 is all that a loudspeaker has). */
const PARTIALS = [[1, 0.2], [2, 0.04]];
const ATTACK = 0.012;
const DECAY = 0.12;
const LENGTH = 0.7;
/** What is offered rings so often, in ms, until it is answered. */
const AGAIN_MS = 4_000;

/**
 * Puts the tone into a context.
 * @param {BaseAudioContext} context
 * @param {number} at when, in the context's seconds
 * @returns {() => void} what ends it at once, without a click
 */
export function chime(context, at) {
  const volume = context.createGain();
  volume.connect(context.destination);
  const sources = NOTES.flatMap(([after, pitch]) =>
    PARTIALS.map(([multiple, loudness]) => {
      const [source, envelope] = [context.createOscillator(), context.createGain()];
      const from = at + after;
      source.frequency.value = pitch * multiple;
      envelope.gain.setValueAtTime(0, from);
      envelope.gain.linearRampToValueAtTime(loudness, from + ATTACK);
      envelope.gain.setTargetAtTime(0, from + ATTACK, DECAY);
      source.connect(envelope).connect(volume);
      source.start(from);
      source.stop(from + LENGTH);
      return source;
    }),
  );
  return () => {
    volume.gain.setTargetAtTime(0, context.currentTime, 0.015);
    for (const source of sources) source.stop(context.currentTime + 0.1);
  };
}

/** Rings, again and again where somebody is asked, and is silent at once when that is over. */
export class Bell {
  /** @type {AudioContext | undefined} */
  #context;
  /** @type {(() => void) | undefined} what ends the tone that sounds */
  #end;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #again;
  /** It should have rung, and the browser does not let a page sound that nobody has touched. */
  #missed = false;

  constructor() {
    for (const gesture of ["pointerdown", "pointerup", "keydown"]) addEventListener(gesture, () => this.#missed && this.#touched(), { capture: true });
  }

  #touched() {
    if (this.#again === undefined) return this.ring();
    // Counted from here on.
    this.keep(false);
    this.keep(true);
  }

  /** Rings once. */
  ring() {
    // Whoever touches the page only later hears what still waits then.
    this.#missed = navigator.userActivation?.hasBeenActive === false;
    if (!this.#missed) void this.#sound();
  }

  /**
   * Rings until it is answered.
   * @param {boolean} asked
   */
  keep(asked) {
    if (asked === (this.#again !== undefined)) return;
    if (asked) {
      this.#again = setInterval(() => this.ring(), AGAIN_MS);
      this.ring();
    } else {
      clearInterval(this.#again);
      this.#again = undefined;
    }
  }

  /** Is silent from now on. */
  hush() {
    this.keep(false);
    this.#missed = false;
    this.#end?.();
    this.#end = undefined;
  }

  async #sound() {
    try {
      const context = (this.#context ??= new AudioContext());
      this.#end?.();
      /** @type {(() => void) | undefined} */
      let end;
      let over = false;
      this.#end = () => {
        over = true;
        end?.();
      };
      if (context.state !== "running") await context.resume();
      if (!over) end = chime(context, context.currentTime);
    } catch {
      // No sound here; the title and the list say it too.
    }
  }
}
