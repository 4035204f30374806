//! Italian.

use super::{Language, Promise, Wish};
use crate::phrases::{grammar::Rules, person::Persons};

pub(super) const LANGUAGE: Language = Language {
    code: "it",
    rules: Rules {
        no: "no, non, senza, mai, né, nessun, nessuna, nessuno, neanche, nemmeno, invece di",
        unable: "impossibile",
        able: "posso, può, puoi, possono, potrei, riesco, modo, possibile, come, so",
        why: "perché",
        contrast: "ma, però, bensì",
        starts: "voglio, vorrei, preferisco, ho bisogno, mi serve, mi passi, mi metta, posso, esigo, desidero, ti passo, le passo",
        commands: "passami, mettimi, trasferiscimi, dammi, chiamami",
        bridges: "che, mi, ti, lo, la, si, se, credo, penso, davvero, ancora, a, di, non",
        goes_on: "che, né",
        carried: "",
    },
    persons: Persons {
        people: "persona, umano, umana, qualcuno, operatore, alloperatore, operatrice, agente, consulente, responsabile, \
            collega, specialista, rappresentante, supervisore, addetto, direttore, capo, operatori, agenti, \
            consulenti, colleghi, specialisti",
        desks: "assistenza, supporto, team, servizio",
        between: "un, uno, una, un', il, la, lo, l, altro, altra, un'altra, qualche, vostro, vostri, vostra, tuo, suo, nostro, \
            nostri, nostra, dei, degli, di, vero, vera, reale, ora, adesso, subito, per, favore, conversazione, chat, \
            richiesta, caso, sua, tua, pratica, umano",
        to: "a, ad, al, allo, alla, con, agli, ai",
        elsewhere: "per, su, come, che, sul, sulla, circa, quando, dove, e",
        things: "anziana, disabile, fisica, giuridica, sola",
        nobody: "",
    },
    wish: Wish {
        heads: "parlare con, parlare a, chattare con, comunicare con, passami, mi passi, passarmi, trasferiscimi a, \
            trasferirmi a, trasferito a, trasferita a, mi trasferisca a, in contatto con, contatto con, mettimi con, \
            collegami con, contattare",
        wants: "mi passare, mi passate, voglio, vorrei, preferisco, ho bisogno di, mi serve, mi dia, dammi, esigo, desidero, potrei avere, posso avere, c'è",
        whole: "aiuto umano, aiuto di *, assistenza umana, c'è qualcuno, che * mi chiami, può * chiamarmi, può chiamarmi *, \
            mi può chiamare *, mi può aiutare *",
        alone: "trasferiscimi, mi trasferisca, assistenza umana, servizio clienti, c'è qualcuno",
    },
    promise: Promise {
        openers: "ti, la, le, vi, sto, sto per, la sto, ti sto, mi permetta di, lasci che, lascia che, verrà, sarà, \
            richiesta è stata, chat è stata, conversazione è stata, ho",
        verbs: "trasferisco, trasferirò, trasferendo, trasferirti, trasferirla, trasferire, trasferito, trasferita, passo, \
            passerò, passando, passarti, passarla, in contatto con, collego con, collegherò con, collegando con, connetto con, \
            inoltro, inoltrando, inoltrato, inoltrata",
        alone: "trasferisco, trasferendo, trasferirò, trasferirti, trasferirla, collego",
        bare: "trasferisco, trasferendo, inoltro",
        whole: "* ti risponderà, * le risponderà, * prenderà, * subentrerà, * continuerà",
        soon: "* ti contatterà, * la contatterà, * ti aiuterà, * la aiuterà",
        at_once: "ora, adesso, subito, immediatamente, un, momento, attimo, prego, tra, poco, breve, a",
        conditions: "se, quando, vuoi, vuole, preferisci, preferisce, prima, dopo, appena",
        modals: "posso, possiamo, può, puoi, potrei",
        ifs: "se, appena",
        relatives: "che, e, per, lui, lei",
        tags: "ok, va, d'accordo, sì, bene",
    },
    clarifications: "non ho capito, non capisco, non ho compreso, puoi riformulare, potresti riformulare, può riformulare, \
        può dirlo in un altro modo, dirlo in un altro modo, con altre parole, puoi ripetere, potresti chiarire",
};
