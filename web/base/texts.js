// Every word the page itself says. What the bot says is the bot's (its definition), never here.

import { learn } from "./i18n.js";

learn({
  en: {
    "chat.role": "Customer",
    "chat.be": "Be the customer",
    "chat.be-about": "Chat with the bot. It goes over the same calls and the same websocket as on Amazon Connect.",
    "page.views": "Views",
    "page.skips": "Skip",
    "view.live": "Live",
    "view.inside": "Inside",
    "view.overview": "Overview",
    "view.settings": "Settings",
    "half.chat": "Customer",
    "half.desk": "Desk",
    "half.choice": "Which side",
    "page.skip-chat": "To the customer's chat",
    "page.skip-desk": "To the desk",

    "page.language": "Page language",
    "page.begin": "Start a chat",
    "page.online": "Running",
    "page.offline": "The server cannot be reached. Trying again…",
  },
  es: {
    "chat.role": "Cliente",
    "chat.be": "Sé el cliente",
    "chat.be-about": "Chatea con el bot. Usa las mismas llamadas y el mismo websocket que en Amazon Connect.",
    "page.views": "Vistas",
    "page.skips": "Saltar",
    "view.live": "En vivo",
    "view.inside": "Por dentro",
    "view.overview": "Resumen",
    "view.settings": "Ajustes",
    "half.chat": "Cliente",
    "half.desk": "Puesto",
    "half.choice": "Qué lado",
    "page.skip-chat": "Al chat del cliente",
    "page.skip-desk": "Al puesto de atención",

    "page.language": "Idioma de la página",
    "page.begin": "Iniciar un chat",
    "page.online": "En marcha",
    "page.offline": "No se puede llegar al servidor. Reintentando…",
  },
});
