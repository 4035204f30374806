// One call of a server: JSON in, JSON out, one kind of error.

const TIMEOUT_MS = 15_000;

/** What the server refused, or (`status` 0) that it could not be reached. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} type
   * @param {string} message
   */
  constructor(status, type, message) {
    super(message);
    this.status = status;
    this.type = type;
  }

  /** The same request may succeed later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The token is not, or no longer, good. */
  get denied() {
    return this.status === 401 || this.status === 403;
  }
}

/**
 * @param {string} method
 * @param {string} url
 * @param {{ bearer?: string, body?: unknown }} [options] `bearer` is Connect's participant or connection token
 * @returns {Promise<any>} what the server answered; fails with {@link ApiError}
 */
export async function call(method, url, { bearer, body } = {}) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (body !== undefined) headers["content-type"] = "application/json";
  if (bearer) headers["x-amz-bearer"] = bearer;
  let answer, text;
  try {
    answer = await fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
      cache: "no-store",
      // Connect knows who asks by the token alone.
      credentials: "omit",
    });
    text = await answer.text();
  } catch (cause) {
    throw new ApiError(0, "Unreachable", cause instanceof Error ? cause.message : String(cause));
  }
  let value;
  try {
    value = text === "" ? {} : JSON.parse(text);
  } catch {
    value = null;
  }
  if (!answer.ok) {
    const type = answer.headers.get("x-amzn-errortype") ?? value?.__type ?? String(answer.status);
    throw new ApiError(answer.status, type.split(":")[0], value?.Message ?? value?.message ?? answer.statusText);
  }
  if (value === null) throw new ApiError(502, "NotJson", "The server's answer is not JSON.");
  return value;
}
