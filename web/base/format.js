// Times and durations as people read them, in the language given.

/** `14:05`, from milliseconds or an ISO-8601 text. */
export function clock(when, language, seconds = false) {
  const date = new Date(when);
  if (Number.isNaN(date.getTime())) return "";
  /** @type {Intl.DateTimeFormatOptions} */
  const options = { hour: "2-digit", minute: "2-digit", hour12: false, ...(seconds ? { second: "2-digit" } : {}) };
  return new Intl.DateTimeFormat(language, options).format(date);
}

/** `0:42`, `12:05`, `1:02:05`. */
export function duration(ms) {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** `1.2 MB`. */
export function bytes(size, language) {
  const [value, unit] = size < 1_000 ? [size, "byte"] : size < 1_000_000 ? [size / 1_000, "kilobyte"] : [size / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: size < 1_000 ? "long" : "short", maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
