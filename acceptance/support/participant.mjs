// A participant service as Amazon Connect's looks from outside, kept small: it notes every call, says what it is told to say,
// and can lose connections. For what a whole contact centre would not do on demand.

import { createServer } from "node:http";
import { randomUUID } from "node:crypto";

import { fromWork } from "./relevo.mjs";

const PARTICIPANT = "participant-1";
const CONTACT = "11111111-1111-4111-8111-111111111111";

export class ParticipantService {
  /** @type {string[]} operations and websocket topics in the order in which they came */
  calls = [];
  /** @type {object[]} */
  items = [];
  /** @type {object[]} bodies of SendMessage */
  sent = [];
  /** @type {{ name: string, type: string, bytes: Buffer }[]} */
  files = [];
  /** Refuses uploads, as a contact without attachments does. */
  noFiles = false;
  #sockets = new Set();
  #pending = new Map();
  #clock = Date.parse("2026-01-01T10:00:00.000Z");

  static async start() {
    const service = new ParticipantService();
    service.server = createServer((request, response) => void service.#serve(request, response));
    const { WebSocketServer } = fromWork("ws");
    new WebSocketServer({ server: service.server }).on("connection", (socket) => service.#connected(socket));
    await new Promise((resolve) => service.server.listen(0, "127.0.0.1", resolve));
    service.url = `http://127.0.0.1:${service.server.address().port}`;
    return service;
  }

  async stop() {
    this.drop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Everybody's connection is lost. */
  drop() {
    for (const socket of this.#sockets) socket.terminate();
  }

  /** Somebody says something. */
  say(Content, { role = "AGENT", contentType = "text/plain", ...more } = {}) {
    return this.#add({ Type: "MESSAGE", ContentType: contentType, Content, ParticipantRole: role, ParticipantId: `the-${role}`, DisplayName: role === "AGENT" ? "Alex" : "Assistant", ...more });
  }

  event(name, more = {}) {
    return this.#add({ Type: "EVENT", ContentType: `application/vnd.amazonaws.connect.event.${name}`, ParticipantRole: "AGENT", ParticipantId: "the-AGENT", DisplayName: "Alex", ...more });
  }

  receipt(MessageId, kind) {
    const at = { [kind === "read" ? "ReadTimestamp" : "DeliveredTimestamp"]: new Date(this.#clock).toISOString(), RecipientParticipantId: "the-AGENT" };
    this.#tell({ Type: "MESSAGEMETADATA", MessageMetadata: { MessageId, Receipts: [at] }, InitialContactId: CONTACT, ContactId: CONTACT });
  }

  #add(item) {
    this.#clock += 1_000;
    const made = { Id: randomUUID(), AbsoluteTime: new Date(this.#clock).toISOString(), InitialContactId: CONTACT, ContactId: CONTACT, ...item };
    if (!item.ContentType.endsWith("typing")) this.items.push(made);
    this.#tell(made);
    return made;
  }

  #tell(item) {
    const frame = JSON.stringify({ topic: "aws/chat", contentType: "application/json", content: JSON.stringify(item) });
    for (const socket of this.#sockets) socket.send(frame);
  }

  #connected(socket) {
    socket.on("message", (text) => {
      const { topic } = JSON.parse(text);
      if (topic === "aws/subscribe") {
        this.calls.push(topic);
        socket.send(JSON.stringify({ topic, content: { status: "success", topics: ["aws/chat"] } }));
        this.#sockets.add(socket);
      } else socket.send(JSON.stringify(topic === "aws/ping" ? { topic, statusCode: 200, statusContent: "OK" } : { topic }));
    });
    socket.on("close", () => this.#sockets.delete(socket));
  }

  async #serve(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-expose-headers", "x-amzn-errortype");
    response.setHeader("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*");
    response.setHeader("access-control-allow-methods", "GET, POST, PUT");
    response.setHeader("content-type", "application/json");
    if (request.method === "OPTIONS") return response.end();
    const path = new URL(request.url, this.url).pathname;
    if (path.startsWith("/file/")) return this.#file(request, response, path.slice(6), raw);
    const body = raw.length > 0 ? JSON.parse(raw) : {};
    this.calls.push(path.replace("/participant/", ""));
    const [status, answer] = this.#answer(path, body);
    response.statusCode = status;
    response.end(JSON.stringify(answer));
  }

  #file(request, response, id, raw) {
    if (request.method === "PUT") Object.assign(this.#pending.get(id), { bytes: raw, marked: request.headers["x-marked"] });
    else response.setHeader("content-disposition", "attachment");
    response.end(request.method === "PUT" ? "" : this.#pending.get(id).bytes);
  }

  #answer(path, body) {
    switch (path) {
      case "/start":
        this.started = body;
        return [200, { data: { startChatResult: { ContactId: CONTACT, ParticipantId: PARTICIPANT, ParticipantToken: "participant-token" } } }];
      case "/participant/connection":
        return [200, { Websocket: { Url: this.url.replace("http", "ws"), ConnectionExpiry: new Date(Date.now() + 100_000).toISOString() }, ConnectionCredentials: { ConnectionToken: "connection-token", Expiry: new Date(Date.now() + 86_400_000).toISOString() } }];
      case "/participant/transcript":
        return [200, { InitialContactId: CONTACT, ...this.#page(body) }];
      case "/participant/message": {
        const before = this.sent.find((one) => one.ClientToken === body.ClientToken);
        this.sent.push(body);
        const item = before?.item ?? this.#add({ Type: "MESSAGE", ContentType: body.ContentType, Content: body.Content, ParticipantRole: "CUSTOMER", ParticipantId: PARTICIPANT, DisplayName: "Ana" });
        this.sent.at(-1).item = item;
        return [200, { Id: item.Id, AbsoluteTime: item.AbsoluteTime }];
      }
      case "/participant/start-attachment-upload": {
        if (this.noFiles) return [403, { __type: "AccessDeniedException", Message: "Attachments are not enabled" }];
        const id = randomUUID();
        this.#pending.set(id, { name: body.AttachmentName, type: body.ContentType });
        return [200, { AttachmentId: id, UploadMetadata: { Url: `${this.url}/file/${id}`, HeadersToInclude: { "x-marked": "yes", "Content-Length": String(body.AttachmentSizeInBytes) } } }];
      }
      case "/participant/complete-attachment-upload": {
        const [id] = body.AttachmentIds;
        const file = this.#pending.get(id);
        this.files.push(file);
        this.#add({ Type: "ATTACHMENT", ContentType: file.type, ParticipantRole: "CUSTOMER", ParticipantId: PARTICIPANT, DisplayName: "Ana", Attachments: [{ AttachmentId: id, AttachmentName: file.name, ContentType: file.type, Status: "APPROVED" }] });
        return [200, {}];
      }
      case "/participant/attachment":
        return [200, { Url: `${this.url}/file/${body.AttachmentId}`, UrlExpiry: new Date(Date.now() + 60_000).toISOString() }];
      case "/participant/disconnect":
        this.event("chat.ended");
        return [200, {}];
      default:
        return [200, { Id: randomUUID(), AbsoluteTime: new Date().toISOString() }];
    }
  }

  #page({ NextToken, MaxResults }) {
    const end = NextToken ? Number(NextToken) : this.items.length;
    const from = Math.max(0, end - MaxResults);
    return { Transcript: this.items.slice(from, end), ...(from > 0 ? { NextToken: String(from) } : {}) };
  }
}
