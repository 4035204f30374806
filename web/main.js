// Puts the page together: the views, the words, and what keeps them up to date.

import * as api from "./base/api.js";
import { onChange, watchServer } from "./base/changes.js";
import { byId, setText } from "./base/dom.js";
import { translator } from "./base/i18n.js";
import { go, onRoute } from "./base/router.js";
import { page, showView } from "./base/page.js";
import "./chat/relevo-chat.js";
import { Desk } from "./desk/desk.js";
import { Inspector } from "./inside/inspector.js";
import { Overview } from "./overview/overview.js";
import { Settings } from "./settings/settings.js";

let refresh = () => {};

page.speak();
const overview = new Overview({ language: () => page.language });
const settings = new Settings({ language: () => page.language });
const inspector = new Inspector({ language: page.language, refresh: () => refresh() });
const show = (contactId) => {
  inspector.show(contactId);
  refresh();
};
const desk = new Desk({ language: page.language, onContact: show, refresh: () => refresh() });
const chat = byId("chat");
chat.addEventListener("relevo-contact", ({ detail }) => show(detail.contactId));
if (chat.contactId) show(chat.contactId);

page.onLanguage(() => {
  desk.setLanguage(page.language);
  inspector.setLanguage(page.language);
  overview.draw();
  settings.draw();
  showServer(reachable);
});

onRoute((now) => {
  if (!showView(now.view)) go("live", "", { replace: true });
  else if (now.view === "inside" && now.id) show(now.id);
  else refresh();
});

let reachable = true;
function showServer(now) {
  const back = now && !reachable;
  reachable = now;
  const status = byId("page-status");
  status.dataset.state = now ? "online" : "offline";
  setText(status, translator(page.language)(now ? "page.online" : "page.offline"));
  if (back) hurry();
}

function hurry() {
  chat.hurry();
  desk.hurry();
}

let known = false;
async function read() {
  try {
    if (!known) {
      const info = await api.info();
      known = true;
      setText(byId("page-name"), info.name ?? "");
      inspector.region = info.region;
      settings.setLanguages(info.languages ?? []);
      if (Array.isArray(info.languages)) chat.setAttribute("languages", info.languages.join(" "));
    }
    await Promise.all([desk.read(), inspector.read(), overview.read(), settings.read()]);
    showServer(true);
  } catch (error) {
    // Whatever else it is, it is not a server out of reach: the console is where a developer looks for it.
    if (!(error instanceof api.ApiError)) console.error(error);
    showServer(!(error instanceof api.ApiError && error.passing));
  }
}

refresh = onChange(read);
watchServer();
addEventListener("online", hurry);
document.addEventListener("visibilitychange", () => document.hidden || hurry());
