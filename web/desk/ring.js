// A short tone when a contact waits. No file: two notes of an oscillator. A browser plays nothing before its page was touched.

/** @type {AudioContext | undefined} */
let shared;

export function ring() {
  try {
    const context = (shared ??= new AudioContext());
    if (context.state === "suspended") void context.resume();
    const now = context.currentTime;
    for (const [after, pitch] of [[0, 660], [0.16, 880]]) {
      const [note, volume] = [context.createOscillator(), context.createGain()];
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, now + after);
      volume.gain.exponentialRampToValueAtTime(0.12, now + after + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + after + 0.28);
      note.connect(volume).connect(context.destination);
      note.start(now + after);
      note.stop(now + after + 0.3);
    }
  } catch {
    // No sound here; the title and the list say it too.
  }
}
