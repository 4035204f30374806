// Puts the page together: the customer's chat, the desk, the inspector, and what keeps them up to date.

import * as api from "./base/api.js";
import { onChange, watchServer } from "./base/changes.js";
import { CustomerChat } from "./chat/chat.js";
import { Desk } from "./desk/desk.js";
import { byId, element, setText } from "./base/dom.js";
import { languages, nameOf, preferred, speak, translator } from "./base/i18n.js";
import { Inspector } from "./inside/inspector.js";
import { recall, remember } from "./base/remember.js";

const KEY = "relevo.page";

const own = ["page", "desk", "inside"].map((id) => byId(id));
let language = recall(KEY)?.language ?? preferred();
let refresh = () => {};

function speakPage() {
  document.documentElement.lang = language;
  own.forEach((part) => speak(part, language));
}

const choice = byId("page-language");
choice.append(...languages.map((one) => element("option", { value: one, lang: one }, nameOf(one))));
choice.value = language;
choice.addEventListener("change", () => {
  language = choice.value;
  remember(KEY, { language });
  speakPage();
  desk.setLanguage(language);
  inspector.setLanguage(language);
  showServer(reachable);
});

speakPage();
const inspector = new Inspector({ language, refresh: () => refresh() });
const show = (contactId) => {
  inspector.show(contactId);
  refresh();
};
const desk = new Desk({ language, onContact: show, refresh: () => refresh() });
const chat = new CustomerChat({ onContact: show });

let reachable = true;
function showServer(now) {
  const back = now && !reachable;
  reachable = now;
  const status = byId("page-status");
  status.dataset.state = now ? "online" : "offline";
  setText(status, translator(language)(now ? "page.online" : "page.offline"));
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
      if (Array.isArray(info.languages)) chat.setLanguages(info.languages);
    }
    await Promise.all([desk.read(), inspector.read()]);
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
