//! Spanish.

use super::{Language, Promise, Wish};
use crate::phrases::{grammar::Rules, person::Persons};

pub(super) const LANGUAGE: Language = Language {
    code: "es",
    rules: Rules {
        no: "no, nunca, sin, jamás, tampoco, ni, ningún, ninguna, en vez de, en lugar de",
        unable: "imposible",
        able: "puedo, puede, puedes, pueden, podemos, podría, podrías, podrían, logro, consigo, forma, manera, modo, \
            posible, cómo",
        why: "por qué",
        contrast: "sino, pero, mejor",
        starts: "quiero, quisiera, necesito, prefiero, exijo, deseo, solicito, me gustaría, puedo, pueden, podrían, podría, \
            te paso, te transfiero, te comunico, voy a, le paso, le transfiero, le comunico",
        commands: "pásame, páseme, comunícame, comuníqueme, transfiéreme, transfiérame, derívame, deríveme, dame, deme, \
            ponme, conéctame, conécteme, permíteme, permítame",
        bridges: "que, me, lo, te, le, les, se, nos, creo, si, realmente, todavía, aún, a, de",
        goes_on: "que, ni",
        carried: "",
    },
    persons: Persons {
        people: "persona, humano, humana, alguien, agente, ejecutivo, ejecutiva, asesor, asesora, asesores, operador, \
            operadora, representante, supervisor, supervisora, encargado, encargada, jefe, jefa, gerente, especialista, \
            colega, compañero, compañera, responsable, agentes, ejecutivos, operadores, representantes, supervisores, \
            especialistas, colegas, compañeros",
        desks: "soporte, atención, equipo",
        between: "un, una, uno, a, con, el, la, otro, otra, algún, alguna, tu, su, sus, tus, nuestro, nuestra, nuestros, nuestras, de, \
            verdadero, verdadera, ya, ahora, mismo, por, favor, buen, buena, urgente, enseguida, inmediatamente, caso, \
            conversación, chat, consulta, solicitud, al, este, esta, se, lo, en, contacto, humano, humana, más, próximo, real, verdad, disponible",
        to: "a, al, con, hacia",
        elsewhere: "para, sobre, por, acerca, cómo, que, desde, cuenta, lo, donde, cuando, y",
        things: "mayor, menor, titular, jurídica, física, adicional, autorizada, discapacitada",
        nobody: "",
    },
    wish: Wish {
        heads: "hablar con, hablar c, hablarle a, háblame con, chatear con, conversar con, comunicarme con, comunícame con, \
            comuníqueme con, comunicar con, comunicas con, contactar con, pásame con, pásame a, páseme con, páseme a, \
            pasarme con, pasarme a, pásenme con, me pasar con, me pasar a, me pasas con, me pasas a, transfiéreme, transfiérame, \
            me transferir a, me transferir con, me transfieran a, me transfieran con, derívame, deríveme, conéctame con, \
            conécteme con, conectarme con, ponme con, póngame con, ponerme con, en contacto con, dame con, escalarlo a, \
            escalarlo con, escalarme a, escalarme con, escalar a, escalar con, escálame a, escálame con, escalar esto, \
            escalar mi caso, que me atienda, que me llame, atendido por",
        wants: "transferirme, derivarme, quiero, quisiera, necesito, prefiero, exijo, deseo, solicito, pido, busco, requiero, dame, deme, denme, \
            consígueme, me gustaría, me das, me dan, puedo tener, me atienda, me atiendan, me atender, me atendiera, atenderme, \
            me llame, me llamar, llamarme, me ayude, me contacte, me responda",
        whole: "hay alguien ahí, hay alguien con, hay * disponible, hay * con quien, hay * con la que, hay * con el que, \
            hay * que me, atención humana, ayuda humana, ayuda de *, persona de carne, que * me llame, que * me atienda",
        alone: "transfiéreme, transfiérame, necesito escalarlo, quiero escalarlo, escálalo, quiero que me llamen, \
            que me llamen, que me llamen por teléfono, que me transfieran, atención al cliente, hay alguien",
    },
    promise: Promise {
        openers: "te, le, os, lo, la, los, voy a, vamos a, estoy, permíteme, permítame, déjame, déjeme, procedo a, procederé a, \
            he, hemos, serás, será, has sido, caso ha sido, conversación ha sido, chat ha sido, solicitud ha sido, \
            consulta ha sido, caso está siendo, conversación está siendo",
        verbs: "transfiero, transferiré, transferir, transferirte, transferirle, transferirlo, transferirla, transfiriéndote, transfiriéndole, \
            transfiriendo, transferido, transferida, \
            paso con, paso a, pasar con, pasarte con, pasarle con, pasarlo con, pasar a, pasarte a, pasaré con, pasando con, comunico con, \
            comunicar con, comunicarte con, comunicarle con, comunicando con, conecto con, conectar con, conectarte con, \
            conectando con, derivo, derivaré, derivar, derivarte, derivarle, derivarlo, derivarla, derivando, derivado, derivada, \
            en contacto con, escalo, escalar, escalando, escalado, escalada, escalaré, comunicaré con, conectaré con, enlazo con, redirijo, canalizo, atendido por, \
            atendida por",
        alone: "transfiero, transferiré, transferir, transferirte, transferirle, transferirlo, transferirla, transfiriéndote, transfiriéndole, \
            transfiriendo, comunico, derivo, derivaré, \
            derivar, paso, conecto",
        bare: "escalaré, transferiré, derivaré, transfiriendo, transfiriéndote, transfiriéndole, transfiero, transferiendo, escalando, conectando con, conectándote",
        whole: "te atenderá *, le atenderá *, te atiende *, le atiende *, * te atenderá, * le atenderá, * te atiende, \
            * le atiende, * tomará, * continuará",
        soon: "* se pondrá en contacto, * te contactará, * le contactará, * te responderá, * te ayudará, * le ayudará",
        at_once: "ahora, mismo, ya, enseguida, inmediatamente, de, inmediato, un, momento, por, favor, breve, en, unos, \
            instante, instantes, minutos",
        conditions: "si, cuando, quieres, prefieres, prefiere, quiere, deseas, desea, antes, después, hasta, apenas",
        modals: "puedo, podría, podemos, podríamos, puede",
        ifs: "si, cuando",
        relatives: "que, quien, y, para, él, ella",
        tags: "vale, ok, okay, de, está, te, sí, bien, correcto",
    },
    clarifications: "no te entiendo, no te entendí, no entiendo, no entendí, no le entiendo, no comprendo, no comprendí, \
        no logro entender, no pude entender, no estoy seguro de entender, puedes reformular, podrías reformular, \
        puede reformular, podría reformular, puedes repetir, podrías repetir, puedes repetirlo, podrías repetirlo, \
        podría repetirlo, decírmelo de otra manera, decirlo de otra manera, decírmelo de otra forma, decirlo de otra forma, \
        explicarlo de otra, con otras palabras, más específico, puedes aclarar, podrías aclarar",
};
