// What took how long in a turn, out of the traces of the agents and the calls of the bot.

/**
 * @typedef {object} Span
 * @property {string} kind `model`, `route`, `tool`, `collaborator`, `knowledge`, `claim`, `session`, `typing`, `send`, `chat`
 * @property {string} name
 * @property {number} from in microseconds since the epoch
 * @property {number} to
 */

/**
 * The turns of a contact: what came before the first message, and then one for each message of the customer to the bot.
 * @returns {{ from: number, to: number, text: string }[]}
 */
export function turnsOf(transcript = []) {
  const turns = [{ from: 0, to: Infinity, text: "" }];
  for (const item of transcript) {
    if (item.ParticipantRole === "AGENT") break;
    if (item.Type !== "MESSAGE" || item.ParticipantRole !== "CUSTOMER") continue;
    const at = Date.parse(item.AbsoluteTime) * 1000;
    turns[turns.length - 1].to = at;
    turns.push({ from: at, to: Infinity, text: item.Content ?? "" });
  }
  return turns;
}

/** @returns {Span[]} in the order in which they began */
export function spansOf({ traces = [], calls = [] }, turn) {
  const inside = (one) => one.atUs >= turn.from && one.atUs < turn.to;
  return [...ofTraces(traces.filter(inside)), ...ofCalls(calls.filter(inside))].sort((one, other) => one.from - other.from);
}

function ofTraces(traces) {
  /** @type {Span[]} */
  const spans = [];
  /** @type {Map<string, Span[]>} */
  const open = new Map();
  const begin = (key, kind, name, at) => {
    const span = { kind, name, from: at, to: at };
    spans.push(span);
    open.set(key, [...(open.get(key) ?? []), span]);
  };
  const end = (key, at) => {
    const span = open.get(key)?.shift();
    if (span) span.to = Math.max(at, span.from);
  };
  for (const { atUs, trace: part } of traces) {
    const who = part.collaboratorName ?? "";
    const routing = part.trace?.routingClassifierTrace;
    const step = routing ?? part.trace?.orchestrationTrace ?? {};
    const { modelInvocationInput: asked, modelInvocationOutput: answered, invocationInput: input, observation } = step;
    if (asked) begin(`model ${who}`, routing ? "route" : "model", [who, asked.foundationModel].filter(Boolean).join(", "), atUs);
    if (answered) end(`model ${who}`, atUs);
    const group = input?.actionGroupInvocationInput;
    if (group) begin(`tool ${who}`, "tool", group.function ?? `${group.verb ?? ""} ${group.apiPath ?? ""}`.trim(), atUs);
    if (observation?.actionGroupInvocationOutput || observation?.repromptResponse?.source === "ACTION_GROUP") end(`tool ${who}`, atUs);
    const other = input?.agentCollaboratorInvocationInput;
    if (other) begin(`agent ${other.agentCollaboratorName}`, "collaborator", other.agentCollaboratorName, atUs);
    const reply = observation?.agentCollaboratorInvocationOutput;
    if (reply) end(`agent ${reply.agentCollaboratorName}`, atUs);
    if (input?.knowledgeBaseLookupInput) begin(`knowledge ${who}`, "knowledge", input.knowledgeBaseLookupInput.knowledgeBaseId ?? "", atUs);
    if (observation?.knowledgeBaseLookupOutput) end(`knowledge ${who}`, atUs);
  }
  return spans;
}

/** The bot's calls in this process, or over HTTP where it runs in processes of its own. */
function ofCalls(calls) {
  const own = calls.filter((one) => one.door !== "wire");
  const shown = own.some((one) => one.door === "bot") ? own : calls;
  return shown.map(({ door, operation, atUs, durationUs, response }) => {
    const span = { from: atUs, to: atUs + durationUs };
    if (door === "session") return { ...span, kind: operation === "Claim" ? "claim" : "session", name: [operation, response?.outcome].filter(Boolean).join(": ") };
    if (operation === "SendEvent") return { ...span, kind: "typing", name: operation };
    if (operation === "SendMessage") return { ...span, kind: "send", name: operation };
    return { ...span, kind: "chat", name: operation };
  });
}
