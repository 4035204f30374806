// A company's own site, of another origin than the contact centre: pages with the chat in them.

import { createServer } from "node:http";

export class Site {
  /** @type {Map<string, string>} */
  #pages = new Map();

  /** @param {string} host the name in the browser; it leads to this machine */
  static async start(host = "shop.example") {
    const site = new Site();
    site.server = createServer((request, response) => {
      const body = site.#pages.get(request.url);
      response.writeHead(body === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
      response.end(body);
    });
    await new Promise((resolve) => site.server.listen(0, "127.0.0.1", resolve));
    site.origin = `http://${host}:${site.server.address().port}`;
    return site;
  }

  /** A page with this in its body; the policy is as strict as a page's can be that takes the chat from `from`. */
  page(path, body, { from = "" } = {}) {
    const policy = from ? `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${from}; style-src ${from}; connect-src *">` : "";
    this.#pages.set(path, `<!doctype html><html lang="en"><head><meta charset="utf-8">${policy}<title>A shop</title></head><body><main><h1>A shop</h1>${body}</main></body></html>`);
    return this.origin + path;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
