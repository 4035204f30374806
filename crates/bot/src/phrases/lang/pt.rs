//! Portuguese.

use super::{Language, Promise, Wish};
use crate::phrases::{grammar::Rules, person::Persons};

pub(super) const LANGUAGE: Language = Language {
    code: "pt",
    rules: Rules {
        no: "não, nao, nunca, sem, jamais, nem, nenhum, nenhuma, tampouco, em vez de",
        unable: "impossível",
        able: "consigo, posso, pode, podem, poderia, possível, como, jeito, maneira, forma, sei",
        why: "por que",
        contrast: "mas, porém, senão",
        starts: "quero, queria, preciso, prefiro, gostaria, desejo, exijo, posso, me passa, me passe, me transfira, me transfere, \
            me conecte, transfira, passe, chame, vou, estou",
        commands: "",
        bridges: "que, me, te, se, acho, creio, realmente, ainda, a, de, isso",
        goes_on: "que, nem",
        carried: "",
    },
    persons: Persons {
        people: "pessoa, humano, humana, alguém, atendente, atendentes, agente, operador, operadora, representante, supervisor, \
            supervisora, gerente, colega, especialista, consultor, consultora, responsável, agentes, operadores, \
            representantes, supervisores, colegas, especialistas, consultores",
        desks: "suporte, atendimento, equipe, sac",
        between: "um, uma, o, a, outro, outra, algum, alguma, seu, sua, nosso, nossa, nossos, nossas, de, do, da, dos, das, \
            verdadeiro, verdadeira, já, agora, mesmo, por, favor, urgente, imediatamente, você, caso, conversa, chat, \
            solicitação, pedido, atendimento, te, lhe, humano",
        to: "a, ao, com, para, pra, pro",
        elsewhere: "sobre, por, como, que, desde, conta, acerca, quando, onde, e",
        things: "só, idosa, física, jurídica, titular, maior, menor",
        nobody: "",
    },
    wish: Wish {
        heads: "falar com, falar c, falar para, conversar com, me passa para, me passe para, me passa pra, me passe pra, me passar para, me passar pra, \
            me transfere para, me transfira para, me transfere pra, me transfira pra, me transferir para, me transferir pra, ser transferido para, ser transferida para, me conecta com, \
            me conecte com, me encaminhe para, me encaminha para, em contato com, contato com, atendido por, atendida por",
        wants: "quero, queria, preciso, preciso de, prefiro, gostaria de, desejo, exijo, me dá, me dê, chame, chama, \
            me atenda, me atender, me ligue, me ajude",
        whole: "atendimento humano, ajuda humana, ajuda de *, tem alguém aí, há alguém aí, tem * com quem, tem * disponível, \
            que * me ligue, pode * me ligar, que * me atenda",
        alone: "me transfira, me transfere, atendimento humano, tem alguém aí",
    },
    promise: Promise {
        openers: "estou, vou, vamos, te, lhe, o, a, deixe me, deixa eu, permita me, aguarde enquanto, você será, você foi, caso foi, \
            conversa foi, solicitação foi, atendimento foi, caso será, irei",
        verbs: "chamar, chamando, transferindo, transferir, transferi, transfiro, transferido, transferida, passar você, passar para, passando para, \
            passo para, conectar, conectando, encaminhando, encaminhar, encaminhei, encaminhado, encaminhada, escalar, escalando, \
            escalei, direcionar, direcionando, colocar você em contato, atendido por",
        alone: "transferindo, transferir, transfiro, transferindo você, transferir você, conectando, encaminhando você",
        bare: "transferindo, transfiro você, transfiro, passo você para, encaminhando, conectando",
        whole: "* vai continuar, * vai te atender, * vai atender você, * irá atender, * assumirá, * vai assumir",
        soon: "* vai falar com você, * entrará em contato, * vai entrar em contato, * vai te ajudar, * vai ajudar você, \
            * vai responder",
        at_once: "agora, mesmo, já, imediatamente, um, momento, por, favor, você, em, breve, instantes, instante",
        conditions: "se, quando, quer, prefere, quiser, deseja, antes, depois, assim",
        modals: "posso, podemos, pode, poderia",
        ifs: "se, quando, caso",
        relatives: "que, e, para, ele, ela",
        tags: "ok, certo, tudo, tá, sim, combinado",
    },
    clarifications: "não entendi, não entendo, não compreendi, não compreendo, não consegui entender, pode reformular, \
        poderia reformular, pode repetir, poderia repetir, dizer de outra forma, dizer de outra maneira, com outras palavras, \
        pode esclarecer, mais específico",
};
