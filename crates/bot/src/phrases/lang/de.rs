//! German.

use super::{Language, Promise, Wish};
use crate::phrases::{grammar::Rules, person::Persons};

pub(super) const LANGUAGE: Language = Language {
    code: "de",
    rules: Rules {
        no: "nein, nicht, kein, keine, keinen, keinem, keiner, nie, niemals, ohne, statt, anstatt, weder, niemand, niemanden, niemandem",
        unable: "unmöglich",
        able: "kann, könnte, können, möglich, weiß",
        why: "warum, wieso",
        contrast: "sondern, aber, doch, lieber",
        starts: "ich, bitte, verbinden sie, verbinde mich, geben sie, stellen sie, holen sie, wir",
        commands: "",
        bridges: "mich, mir, sie, ihnen, dass, wenn, ob, weil, möchte, will, brauche, kann, würde, muss, darf, hätte, könnte, habe, bin, mag, soll, \
            werde, verbinde, leite",
        goes_on: "dass, noch, oder",
        carried: "zu",
    },
    persons: Persons {
        people: "mensch, menschen, mitarbeiter, mitarbeiterin, mitarbeitern, berater, beraterin, person, jemand, jemanden, \
            jemandem, agent, agenten, kollege, kollegen, kollegin, vorgesetzten, chef, sachbearbeiter, kundenberater, \
            ansprechpartner, spezialist, spezialisten, operator, experte, experten, beratern",
        desks: "kundenservice, kundendienst, support, hotline, team, service",
        between: "ein, eine, einen, einem, einer, eines, ihr, ihre, ihren, ihrem, ihrer, unser, unsere, unserem, unseren, unserer, \
            das, diese, dieses, den, die, der, dem, echt, echte, echten, echter, richtigen, lebenden, menschlichen, anderen, andere, anderer, \
            bitte, gern, gerne, jetzt, endlich, sofort, nur, mal, dringend, lieber, sie, dich, mich, anfrage, fall, gespräch, \
            chat, direkt, gleich, ich, sich, nun, anliegen",
        to: "mit, an, zu, zum, zur",
        elsewhere: "für, über, wie, was, wann, von, aus, wegen, ohne, und, als, dass",
        things: "zu, im, unter, nummer, mehr, zusammen",
        nobody: "",
    },
    wish: Wish {
        heads: "sprechen mit, reden mit, rede mit, verbinden sie mich mit, verbinde mich mit, verbinden sie mich zu, \
            leiten sie mich an, stellen sie mich zu, chatten mit, mich an, verbindung mit, kontakt mit",
        wants: "ich möchte, ich will, ich brauche, ich hätte, ich wünsche, ich verlange, geben sie mir, gib mir, brauche ich, \
            möchte ich, will ich, hätte ich, holen sie, gibt es, bitte um",
        whole: "mit * sprechen, mit * reden, mit * telefonieren, mit * chatten, mit * schreiben, mit * verbinden, \
            mit * zu sprechen, mit * zu reden, mich * anrufen, an * weiterleiten, an * weitergeleitet, zu * durchstellen, \
            hilfe von *, menschliche hilfe, ist da jemand, ist jemand da",
        alone: "verbinden sie mich, weiterleiten, kundenservice, ist da jemand",
    },
    promise: Promise {
        openers: "ich, ich werde, werde, wir, wir werden, sie werden, du wirst, lassen sie mich, wird, werden, wurde, wurden",
        verbs: "verbinde, leite, übergebe, stelle, gebe, eskaliere, reiche",
        alone: "verbinde sie, verbinde dich, werden verbunden, werden weitergeleitet, stelle sie durch, leite sie weiter",
        bare: "verbinde sie, leite sie, übergebe sie",
        whole: "werde sie mit * verbinden, werde dich mit * verbinden, werde sie an * weiterleiten, werden mit * verbunden, \
            wirst mit * verbunden, werden an * weitergeleitet, anfrage wird an * weitergeleitet, anfrage wurde an * weitergeleitet, \
            gespräch wird an * weitergeleitet, gespräch wurde an * weitergeleitet, werde ihre an * weiterleiten, \
            * wird sich um sie kümmern, * wird übernehmen, * übernimmt, * wird das gespräch übernehmen, \
            * wird sich kümmern",
        soon: "* wird sich bei ihnen melden, * meldet sich, * wird ihnen helfen, * wird sich melden",
        at_once: "jetzt, sofort, gleich, bitte, einen, moment, umgehend, in, kürze, weiter, durch, nun",
        conditions: "wenn, falls, sobald, möchten, wollen, bevor, nachdem",
        modals: "kann, könnte, können, könnten",
        ifs: "wenn, falls, sofern, sobald",
        relatives: "der, die, das, und, er",
        tags: "ok, okay, ja, gut, in",
    },
    clarifications: "nicht verstanden, verstehe nicht, verstehe ich nicht, nicht ganz verstanden, anders formulieren, \
        es anders sagen, mit anderen worten, noch einmal erklären, bitte wiederholen, genauer beschreiben",
};
