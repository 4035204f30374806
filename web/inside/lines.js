// A call as a line to be typed: curl, or boto3. Tokens are placeholders that the shell or Python fills.

/** Of the bot's calls in process, which have no path: the service model's. */
const PATHS = {
  CreateParticipant: "/contact/create-participant",
  CreateParticipantConnection: "/participant/connection",
  StartContactStreaming: "/contact/start-streaming",
  StopContactStreaming: "/contact/stop-streaming",
  UpdateContactAttributes: "/contact/attributes",
  SendMessage: "/participant/message",
  SendEvent: "/participant/event",
  GetTranscript: "/participant/transcript",
  DisconnectParticipant: "/participant/disconnect",
};

const variable = (bearer) => (bearer === "participant" ? "PARTICIPANT_TOKEN" : "CONNECTION_TOKEN");
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** @param {any} call as the inspector's API has it */
export function curl({ method, path, operation, bearer, request }, origin) {
  const body = request && Object.keys(request).length > 0 ? ` -d ${quoted(JSON.stringify(request))}` : "";
  const token = bearer ? ` -H "x-amz-bearer: $${variable(bearer)}"` : "";
  const verb = method || "POST";
  return `curl -sS -X ${verb} ${quoted(origin + (path || PATHS[operation] || "/"))}${verb === "GET" ? "" : " -H 'content-type: application/json'"}${token}${body}`;
}

/** @param {any} call */
export function boto3({ service, operation, labels, bearer, request }, origin, region) {
  const name = operation.replace(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase();
  const given = { ...labels, ...(request ?? {}) };
  const token = bearer ? [`${bearer === "participant" ? "ParticipantToken" : "ConnectionToken"}=os.environ["${variable(bearer)}"]`] : [];
  const values = Object.entries(given).map(([key, value]) => `${key}=${python(value)}`);
  const client = `boto3.client(${python(service)}, endpoint_url=${python(origin)}, region_name=${python(region)}, aws_access_key_id="x", aws_secret_access_key="x")`;
  return `import boto3, os; print(${client}.${name}(${[...token, ...values].join(", ")}))`;
}

/** A JSON value as Python writes it. */
function python(value) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${python(one)}`).join(", ")}}`;
  return JSON.stringify(value);
}
