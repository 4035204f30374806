// A wait that can be cut short.

export class Pause {
  /** Ends the wait that is under way. */
  hurry = () => {};

  /** @param {number} ms */
  wait(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.hurry = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}
