// The agents as a tree: a branch a turn, in it who asked whom, with arguments, results and tokens.

import { element, reconcile } from "../base/dom.js";
import { clock } from "../base/format.js";
import { inWords } from "./trace-words.js";

/** Tokens in and out of some traces. */
export function tokens(traces) {
  const sum = { input: 0, output: 0 };
  for (const { trace } of traces) {
    const step = trace.trace?.orchestrationTrace ?? trace.trace?.routingClassifierTrace;
    const usage = step?.modelInvocationOutput?.metadata?.usage;
    sum.input += usage?.inputTokens ?? 0;
    sum.output += usage?.outputTokens ?? 0;
  }
  return sum;
}

/** In words; nothing where no model counts. */
export const counted = (sum, say) => (sum.input + sum.output > 0 ? say("inside.tokens", sum) : "");

/**
 * @param {HTMLElement} list
 * @param {any} contact
 * @param {{ from: number, to: number, text: string }[]} turns
 */
export function drawAgents(list, contact, turns, { language, detail, say }) {
  const traces = contact.traces ?? [];
  const branches = turns
    .map((turn, index) => ({ turn, index, traces: traces.filter((one) => one.atUs >= turn.from && one.atUs < turn.to) }))
    .filter((branch) => branch.traces.length > 0);
  reconcile(
    list,
    branches,
    ({ index, traces: own }) => `${contact.contactId} ${index} ${own.length} ${language} ${detail}`,
    (branch) => {
      const sum = tokens(branch.traces);
      return element(
        "li",
        { class: "turn" },
        element(
          "details",
          { open: true },
          element("summary", {}, element("q", {}, branch.turn.text), counted(sum, say) && element("span", { class: "chip" }, counted(sum, say))),
          tree(branch.traces, { language, detail, say }),
        ),
      );
    },
  );
}

/** A collaborator's traces stand below the one that asked it. */
function tree(traces, { language, detail, say }) {
  const root = element("ol", {});
  /** @type {Map<string, HTMLElement>} */
  const branches = new Map();
  for (const { atMs, trace } of traces) {
    const words = inWords(trace, say);
    const step = trace.trace?.orchestrationTrace ?? trace.trace?.routingClassifierTrace ?? {};
    const asked = step.invocationInput?.agentCollaboratorInvocationInput?.agentCollaboratorName;
    if (words.minor && !detail && !asked) continue;
    const place = branches.get(trace.collaboratorName ?? "") ?? root;
    const made = element(
      "li",
      { class: words.kind },
      element("time", {}, clock(atMs, language, true)),
      element(
        "div",
        {},
        element("p", {}, element("strong", {}, words.who), " ", words.text),
        element("details", {}, element("summary", {}, say("inside.raw")), element("pre", { tabindex: "0" }, JSON.stringify(trace, null, 2))),
      ),
    );
    if (asked) {
      const branch = element("ol", {});
      made.lastElementChild?.append(branch);
      branches.set(asked, branch);
    }
    place.append(made);
  }
  for (const empty of root.querySelectorAll("ol:empty")) empty.remove();
  return root;
}
