// Starts and stops `relevo up` as its user would: by its command line, reading the address it prints.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BINARY = process.env.RELEVO_BIN ?? join(ROOT, "target/release/relevo");
const START_MS = 20_000;

/** Resolves packages that `acceptance/run` has installed. */
export const fromWork = createRequire(new URL("../.work/node/", import.meta.url));

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The first true answer of `check`, which may fail until then. */
export async function waitFor(what, check, ms = 20_000) {
  const end = Date.now() + ms;
  let last;
  for (;;) {
    try {
      const answer = await check();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for: ${what}`, { cause: last });
    await sleep(50);
  }
}

export class Relevo {
  /** @param {{ data?: string, port?: number, more?: string[] }} [options] `more`: further arguments */
  static async start({ data = mkdtempSync(join(tmpdir(), "relevo-data-")), port = 0, more = [] } = {}) {
    const relevo = new Relevo();
    relevo.data = data;
    relevo.output = "";
    relevo.process = spawn(BINARY, ["up", "--port", String(port), "--data", data, ...more], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    relevo.exited = new Promise((resolve) => relevo.process.on("exit", resolve));
    relevo.process.on("error", (error) => (relevo.output += String(error)));
    relevo.process.stdout.on("data", (text) => (relevo.output += text));
    relevo.process.stderr.on("data", (text) => (relevo.output += text));
    try {
      relevo.url = await waitFor("the address", () => relevo.output.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0], START_MS);
    } catch (error) {
      relevo.process.kill("SIGKILL");
      throw new Error(`relevo up printed no address:\n${relevo.output}`, { cause: error });
    }
    relevo.port = Number(new URL(relevo.url).port);
    return relevo;
  }

  async kill() {
    this.process.kill("SIGKILL");
    await this.exited;
  }

  async stop() {
    this.process.kill("SIGTERM");
    const late = setTimeout(() => this.process.kill("SIGKILL"), 5_000);
    await this.exited;
    clearTimeout(late);
    rmSync(this.data, { recursive: true, force: true });
  }

  /** JSON over plain HTTP. */
  async call(method, path, body, headers = {}) {
    const answer = await fetch(this.url + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** The contact at the desk, once it waits there. */
  queued(contactId) {
    return waitFor("the contact at the desk", async () => {
      const { contacts } = await this.call("GET", "/relevo/desk/contacts");
      return contacts.find((contact) => contact.contactId === contactId && contact.state === "QUEUED");
    });
  }

  /** A person at the desk, by the participant API alone. */
  async accept(contactId, displayName) {
    const { participantToken } = await this.call("POST", `/relevo/desk/contacts/${contactId}/accept`, { displayName });
    const connection = await this.call(
      "POST",
      "/participant/connection",
      { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ConnectParticipant: true },
      { "x-amz-bearer": participantToken },
    );
    const bearer = { "x-amz-bearer": connection.ConnectionCredentials.ConnectionToken };
    const WebSocket = fromWork("ws");
    const socket = new WebSocket(connection.Websocket.Url);
    /** @type {any[]} every item the websocket has brought */
    const heard = [];
    let subscribed = false;
    socket.on("open", () => socket.send(JSON.stringify({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } })));
    socket.on("message", (data) => {
      const frame = JSON.parse(String(data));
      if (frame.topic === "aws/subscribe") subscribed = true;
      else if (frame.topic === "aws/chat") heard.push(JSON.parse(frame.content));
    });
    socket.on("error", () => {});
    await waitFor("the person's websocket", () => subscribed);
    return {
      heard,
      close: () => socket.close(),
      say: (text) => this.call("POST", "/participant/message", { ContentType: "text/plain", Content: text }, bearer),
      typing: () => this.call("POST", "/participant/event", { ContentType: "application/vnd.amazonaws.connect.event.typing" }, bearer),
      attachment: async (id) => Buffer.from(await (await fetch((await this.call("POST", "/participant/attachment", { AttachmentId: id }, bearer)).Url)).arrayBuffer()),
      leave: () => this.call("POST", "/participant/disconnect", {}, bearer).finally(() => socket.close()),
      messages: async (role) =>
        (await this.call("POST", "/participant/transcript", { MaxResults: 100, SortOrder: "ASCENDING" }, bearer)).Transcript.filter(
          (item) => item.Type === "MESSAGE" && item.ParticipantRole === role,
        ).map((item) => item.Content),
    };
  }
}
