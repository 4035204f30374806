//! What a bot says by itself, and its flow, where nothing that was imported says it: to be replaced by a company's own words.

/// The texts of one language.
pub(super) struct Words {
    /// BCP-47 primary language.
    pub(super) code: &'static str,
    /// When the bot has joined.
    pub(super) greeting: &'static str,
    /// When it hands over.
    pub(super) handoff: &'static str,
    /// During a long turn.
    pub(super) still_working: &'static str,
    /// The agent failed.
    pub(super) failure: &'static str,
    /// It failed too often.
    pub(super) failure_handoff: &'static str,
    /// What cannot be read.
    pub(super) unsupported: &'static str,
    /// The flow, before the bot joins.
    pub(super) welcome: &'static str,
    /// The bot could not be started, or did not answer.
    pub(super) no_bot: &'static str,
    /// In the queue.
    pub(super) waiting: &'static str,
    /// The queue did not take the contact.
    pub(super) no_person: &'static str,
    /// The chat is over.
    pub(super) ended: &'static str,
}

/// The languages there are words for.
pub(super) const LANGUAGES: [&Words; 6] = [&ENGLISH, &SPANISH, &PORTUGUESE, &FRENCH, &GERMAN, &ITALIAN];

/// The words of a language; English where there are none.
pub(super) fn of(language: &str) -> &'static Words {
    LANGUAGES.into_iter().find(|words| words.code == language).unwrap_or(&ENGLISH)
}

const ENGLISH: Words = Words {
    code: "en",
    greeting: "Hello! I am the virtual assistant. How can I help you?",
    handoff: "I am passing you on to a person of our team. They can read what you have told me.",
    still_working: "I am still working on it, one more moment, please.",
    failure: "I am sorry, something failed on our side. Could you write it again?",
    failure_handoff: "I am sorry, I am not managing this today. I am passing you on to a person of our team.",
    unsupported: "For now I can only read text. Could you tell me in words?",
    welcome: "Welcome. Our assistant will be with you in a moment.",
    no_bot: "Our assistant is not available right now, so we are passing you on to a person.",
    waiting: "You are in the queue: the first person who is free answers in this chat.",
    no_person: "We are sorry, we could not pass you on to a person. Please write to us again later.",
    ended: "This conversation is closed. Thank you for writing to us.",
};

const SPANISH: Words = Words {
    code: "es",
    greeting: "¡Hola! Soy el asistente virtual. ¿En qué te ayudo?",
    handoff: "Te paso con una persona de nuestro equipo. Puede leer lo que me contaste.",
    still_working: "Sigo en ello, dame un momento más, por favor.",
    failure: "Lo siento, algo falló de nuestro lado. ¿Me lo escribes otra vez?",
    failure_handoff: "Lo siento, hoy no lo estoy logrando. Te paso con una persona de nuestro equipo.",
    unsupported: "Por ahora solo puedo leer texto. ¿Me lo cuentas con palabras?",
    welcome: "Hola. Nuestro asistente te atiende en un momento.",
    no_bot: "Nuestro asistente no está disponible ahora, así que te pasamos con una persona.",
    waiting: "Estás en la cola: la primera persona libre responde en este chat.",
    no_person: "Lo sentimos, no pudimos pasarte con una persona. Escríbenos más tarde, por favor.",
    ended: "La conversación ha terminado. Gracias por escribirnos.",
};

const PORTUGUESE: Words = Words {
    code: "pt",
    greeting: "Olá! Sou o assistente virtual. Como posso ajudar?",
    handoff: "Vou passar você para uma pessoa da equipe. Ela pode ler o que você contou.",
    still_working: "Ainda estou vendo, só mais um momento.",
    failure: "Desculpe, algo falhou do nosso lado. Pode escrever de novo?",
    failure_handoff: "Desculpe, hoje não estou conseguindo. Vou passar você para uma pessoa.",
    unsupported: "Por enquanto só consigo ler texto. Pode contar em palavras?",
    welcome: "Olá. O nosso assistente já vem falar com você.",
    no_bot: "O nosso assistente não está disponível agora, por isso vamos passar você para uma pessoa.",
    waiting: "Você está na fila: a primeira pessoa livre responde neste chat.",
    no_person: "Desculpe, não foi possível passar você para uma pessoa. Escreva mais tarde, por favor.",
    ended: "A conversa está encerrada. Obrigado pelo contato.",
};

const FRENCH: Words = Words {
    code: "fr",
    greeting: "Bonjour ! Je suis l'assistant virtuel. Comment puis-je vous aider ?",
    handoff: "Je vous passe une personne de notre équipe. Elle peut lire ce que vous m'avez dit.",
    still_working: "Je m'en occupe encore, un instant, s'il vous plaît.",
    failure: "Désolé, un problème est survenu de notre côté. Pouvez-vous l'écrire à nouveau ?",
    failure_handoff: "Désolé, je n'y arrive pas aujourd'hui. Je vous passe une personne de notre équipe.",
    unsupported: "Pour l'instant, je ne lis que du texte. Pouvez-vous me le dire avec des mots ?",
    welcome: "Bonjour. Notre assistant arrive dans un instant.",
    no_bot: "Notre assistant n'est pas disponible, nous vous passons donc une personne.",
    waiting: "Vous êtes dans la file : la première personne libre vous répond ici.",
    no_person: "Désolé, nous n'avons pas pu vous passer une personne. Écrivez-nous plus tard, s'il vous plaît.",
    ended: "La conversation est terminée. Merci de nous avoir écrit.",
};

const GERMAN: Words = Words {
    code: "de",
    greeting: "Guten Tag! Ich bin der virtuelle Assistent. Wie kann ich helfen?",
    handoff: "Ich verbinde Sie mit einer Person aus unserem Team. Sie kann lesen, was Sie mir geschrieben haben.",
    still_working: "Ich bin noch dabei, einen Moment bitte.",
    failure: "Entschuldigung, bei uns ist etwas schiefgegangen. Schreiben Sie es bitte noch einmal?",
    failure_handoff: "Entschuldigung, heute gelingt es mir nicht. Ich verbinde Sie mit einer Person aus unserem Team.",
    unsupported: "Im Moment kann ich nur Text lesen. Sagen Sie es mir bitte in Worten?",
    welcome: "Willkommen. Unser Assistent ist gleich für Sie da.",
    no_bot: "Unser Assistent ist gerade nicht erreichbar, wir verbinden Sie mit einer Person.",
    waiting: "Sie sind in der Warteschlange: Die nächste freie Person antwortet hier im Chat.",
    no_person: "Wir konnten Sie leider nicht verbinden. Bitte schreiben Sie uns später noch einmal.",
    ended: "Das Gespräch ist beendet. Danke für Ihre Nachricht.",
};

const ITALIAN: Words = Words {
    code: "it",
    greeting: "Buongiorno! Sono l'assistente virtuale. Come posso aiutarla?",
    handoff: "La passo a una persona del nostro team. Può leggere quello che mi ha scritto.",
    still_working: "Ci sto ancora lavorando, un momento per favore.",
    failure: "Mi dispiace, qualcosa non ha funzionato. Può scriverlo di nuovo?",
    failure_handoff: "Mi dispiace, oggi non ci riesco. La passo a una persona del nostro team.",
    unsupported: "Per ora posso leggere solo testo. Può dirmelo a parole?",
    welcome: "Benvenuto. Il nostro assistente arriva tra un momento.",
    no_bot: "Il nostro assistente non è disponibile, quindi la passiamo a una persona.",
    waiting: "È in coda: la prima persona libera risponde in questa chat.",
    no_person: "Ci dispiace, non è stato possibile passarla a una persona. Ci scriva più tardi, per favore.",
    ended: "La conversazione è terminata. Grazie per averci scritto.",
};
