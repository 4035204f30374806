//! French.

use super::{Language, Promise, Wish};
use crate::phrases::{grammar::Rules, person::Persons};

pub(super) const LANGUAGE: Language = Language {
    code: "fr",
    rules: Rules {
        no: "non, ne, pas, jamais, sans, aucun, aucune, ni, au lieu de, ai parlé, j'ai parlé, avais parlé",
        unable: "impossible",
        able: "peux, peut, pouvez, pourrais, pourrait, arrive, n'arrive, possible, comment, moyen, sais",
        why: "pourquoi",
        contrast: "mais, plutôt",
        starts: "je, j'aimerais, j'ai, j'exige, j'veux, passez, transférez, mettez, donnez, appelez",
        commands: "passez moi, transférez moi, mettez moi, donnez moi, passe moi, laissez moi",
        bridges: "que, quand, si, où, pense, crois, ce, dont, ne",
        goes_on: "que, ni",
        carried: "",
    },
    persons: Persons {
        people: "personne, humain, humaine, quelqu'un, conseiller, conseillère, conseillers, agent, agents, opérateur, \
            opératrice, responsable, représentant, collègue, collègues, spécialiste, supérieur, interlocuteur, spécialistes, \
            opérateurs, représentants",
        desks: "service, équipe, support, assistance",
        between: "un, une, le, la, l, l'un, l'une, autre, vrai, vraie, véritable, votre, vos, notre, nos, de, des, d, d'un, d'une, \
            maintenant, tout, suite, svp, vous, demande, conversation, dossier, cas, appel, cette, ce, seul",
        to: "à, au, aux, avec, vers, auprès, par, qu'à",
        elsewhere: "pour, sur, comme, que, comment, quand, sans, chez, concernant, et, si",
        things: "âgée, handicapée, supplémentaire, mineure, majeure, morale, physique",
        nobody: "personne",
    },
    wish: Wish {
        heads: "parler à, parler avec, parler au, discuter avec, échanger avec, passez moi, passe moi, transférez moi, \
            transférer à, transférer vers, transféré à, transférée à, en relation avec, contact avec, mettez moi avec, contacter, \
            joindre, orienter vers, pris en charge par, aidé par, avoir affaire à",
        wants: "me passer, je veux, je voudrais, je souhaite, j'aimerais, je préfère, j'ai besoin d'un, j'ai besoin d'une, j'exige, \
            besoin de, donnez moi, appelez moi, je demande, je peux avoir, avoir, j'veux",
        whole: "y a t il *, il y a quelqu'un, aide humaine, l'aide de *, l'aide d'un *, un humain, que * m'appelle, * peut m'appeler, \
            * pourrait m'appeler",
        alone: "transférez moi, service client, un humain, aide humaine",
    },
    promise: Promise {
        openers: "je vous, je te, je, je vais, je vais vous, vais, nous vous, nous allons, laissez moi, permettez moi de, \
            en train de, allez être, serez, êtes, demande a été, conversation a été",
        verbs: "transfère, transférer, transfert, transféré, transférée, passe, passer, mets en relation, mettre en relation, \
            mets en contact, mets tout de suite en contact, mets tout de suite en relation, mettre en contact, mis en relation, oriente vers, orienter vers, connecte, connecter, redirige vers, \
            rediriger vers, transmets, transmettre, transmis, escalade, escalader, dirige vers",
        alone: "transfère, vous transférer, transférer, vous mettre en relation, vous mets en relation",
        bare: "transfert, transfert en cours",
        whole: "* va prendre le relais, * prendra le relais, * va vous répondre, * vous répondra, * va prendre en charge",
        soon: "* va vous contacter, * vous contactera, * va vous aider, * va vous rappeler",
        at_once: "maintenant, tout, de, suite, immédiatement, un, instant, s'il, vous, plaît, dans, quelques, instants",
        conditions: "si, quand, lorsque, souhaitez, voulez, avant, après, dès",
        modals: "peux, pouvons, peut, pourrais, pourrons",
        ifs: "si, dès",
        relatives: "qui, et, que, il, elle, pour",
        tags: "ok, d'accord, oui, ça",
    },
    clarifications: "pas compris, ne comprends pas, pas bien compris, pouvez vous reformuler, pourriez vous reformuler, \
        reformuler votre, le dire autrement, pouvez vous préciser, pourriez vous préciser, pouvez vous répéter",
};
