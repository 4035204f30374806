// A Bedrock TracePart in words: who did what, with which arguments, and what came of it.

/**
 * @typedef {object} Words
 * @property {string} who
 * @property {string} kind for the look: `route`, `call`, `control`, `result`, `ask`, `answer`, `failure`, `model`, `thought`
 * @property {string} text
 * @property {boolean} minor how a model was asked, which is left out unless wanted
 */

/**
 * @param {any} part a TracePart
 * @param {(key: string, values?: Record<string, string | number>) => string} say
 * @returns {Words}
 */
export function inWords(part, say) {
  const who = part?.collaboratorName || say("trace.supervisor");
  const words = sentence(part?.trace ?? {}, say) ?? { kind: "other", text: say("trace.other"), minor: true };
  return { minor: false, ...words, who };
}

function sentence(trace, say) {
  if (trace.failureTrace) return { kind: "failure", text: say("trace.failure", { text: trace.failureTrace.failureReason ?? "" }) };
  if (trace.guardrailTrace) {
    return { kind: "thought", text: say("trace.guardrail", { text: trace.guardrailTrace.action ?? "" }), minor: true };
  }
  if (trace.customOrchestrationTrace) {
    return { kind: "thought", text: say("trace.rationale", { text: trace.customOrchestrationTrace.event?.text ?? "" }) };
  }
  const routing = trace.routingClassifierTrace;
  const step = routing ?? trace.orchestrationTrace ?? trace.preProcessingTrace ?? trace.postProcessingTrace;
  if (!step) return null;
  if (step.modelInvocationInput) return modelAsked(step.modelInvocationInput, routing, say);
  if (step.modelInvocationOutput) return modelAnswered(step.modelInvocationOutput, routing, say);
  if (step.rationale) return { kind: "thought", text: say("trace.rationale", { text: step.rationale.text ?? "" }), minor: true };
  if (step.invocationInput) return invoked(step.invocationInput, routing, say);
  // What a router passes on unchanged has been told already, by the collaborator whose words they are.
  if (step.observation) return { minor: Boolean(routing), ...observed(step.observation, say) };
  return null;
}

function modelAsked(input, routing, say) {
  const text = routing ? say("trace.classify") : say("trace.model", { model: input.foundationModel ?? "?" });
  return { kind: "model", text, minor: true };
}

function modelAnswered(output, routing, say) {
  const { usage, totalTimeMs } = output.metadata ?? {};
  const details = [];
  if (Number.isFinite(totalTimeMs)) details.push(`${totalTimeMs} ms`);
  if (usage) details.push(say("trace.tokens", { input: usage.inputTokens ?? 0, output: usage.outputTokens ?? 0 }));
  const content = output.rawResponse?.content;
  if (routing && content) return { kind: "model", text: say("trace.classified", { text: content }), minor: true };
  const figures = details.length > 0 ? say("trace.figures", { details: details.join(", ") }) : "";
  return { kind: "model", text: say("trace.model-answer", { figures }), minor: true };
}

function invoked(input, routing, say) {
  const group = input.actionGroupInvocationInput;
  if (group) {
    const call = callText(group);
    return group.executionType === "RETURN_CONTROL"
      ? { kind: "control", text: say("trace.return-control", { call }) }
      : { kind: "call", text: say("trace.call", { call }) };
  }
  const asked = input.agentCollaboratorInvocationInput;
  if (asked) {
    const agent = asked.agentCollaboratorName ?? "?";
    if (asked.input?.type === "RETURN_CONTROL") return { kind: "route", text: say("trace.collaborator-resume", { agent }) };
    return { kind: "route", text: say(routing ? "trace.route" : "trace.collaborator", { agent, text: asked.input?.text ?? "" }) };
  }
  const lookedUp = input.knowledgeBaseLookupInput;
  if (lookedUp) return { kind: "call", text: say("trace.knowledge", { text: lookedUp.text ?? "" }) };
  return null;
}

function observed(observation, say) {
  const group = observation.actionGroupInvocationOutput;
  if (group) return { kind: "result", text: say("trace.result", { text: group.text ?? "" }) };
  const answered = observation.agentCollaboratorInvocationOutput;
  if (answered) {
    const agent = answered.agentCollaboratorName ?? "?";
    if (answered.output?.type === "RETURN_CONTROL") return { kind: "control", text: say("trace.collaborator-control", { agent }), minor: true };
    return { kind: "result", text: say("trace.collaborator-answer", { agent, text: answered.output?.text ?? "" }), minor: true };
  }
  const found = observation.knowledgeBaseLookupOutput;
  if (found) return { kind: "result", text: say("trace.knowledge-result", { count: found.retrievedReferences?.length ?? 0 }) };
  if (observation.repromptResponse) {
    return { kind: "failure", text: say("trace.reprompt", { text: observation.repromptResponse.text ?? "" }) };
  }
  const final = observation.finalResponse;
  if (!final) return { kind: "other", text: say("trace.other"), minor: true };
  return observation.type === "ASK_USER"
    ? { kind: "ask", text: say("trace.ask", { text: final.text ?? "" }) }
    : { kind: "answer", text: say("trace.final", { text: final.text ?? "" }) };
}

function callText({ actionGroupName, function: name, apiPath, verb, parameters }) {
  const called = name ?? [verb, apiPath].filter(Boolean).join(" ") ?? "?";
  const values = (parameters ?? []).map((parameter) => `${parameter.name} = ${parameter.value ?? ""}`).join(", ");
  return `${actionGroupName ? `${actionGroupName}.` : ""}${called}(${values})`;
}
