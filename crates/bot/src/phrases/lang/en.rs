//! English.

use super::{Language, Promise, Wish};
use crate::phrases::{grammar::Rules, person::Persons};

pub(super) const LANGUAGE: Language = Language {
    code: "en",
    rules: Rules {
        no: "do i need, do i have, no, not, dont, don, didnt, doesnt, wont, wouldnt, shouldnt, neednt, mustnt, isnt, arent, wasnt, werent, \
            havent, hasnt, hadnt, aint, never, without, nor, neither, instead of, rather than, nobody, hardly",
        unable: "cant, cannot, couldnt, unable, impossible",
        able: "can, could, able, way, possible, know",
        why: "why",
        contrast: "but, rather",
        starts: "i, im, id, ill, ive, please, give me, get me, let me, connect me, transfer me, put me, pass me, \
            escalate, we, lets",
        commands: "",
        bridges: "to, while, you, do, can, could, may, should, would, will, ill, just, now, or, that, if, sure, when, where, until, think, believe, feel, guess, suppose, say, \
            said, saying, mean, even, ever, please, as, what, who, whom",
        goes_on: "that, nor, or",
        carried: "",
    },
    persons: Persons {
        people: "human, humans, person, people, someone, somebody, anyone, anybody, agent, agents, representative, \
            representatives, rep, reps, operator, advisor, adviser, supervisor, manager, colleague, colleagues, boss, \
            specialist, specialists, expert, experts, employee, operators, advisors, advisers, supervisors, managers, \
            employees",
        desks: "support, helpdesk, service, team, staff",
        between: "a, an, another, one, some, any, your, our, real, live, human, actual, proper, different, other, better, \
            competent, senior, customer, service, support, care, sales, technical, tech, fucking, damn, now, just, \
            please, of, you, this, that, it, your, the, case, chat, conversation, request, issue, call, over, through, right, \
            away, on, in, touch, back, directly, immediately",
        to: "to, with",
        elsewhere: "for, about, than, without, as, like, that, who, whose, if, how, what, when, where, because, and, on, so, \
            by, from",
        things: "number, numbers, id, code, name, email, phone, details, account, discount, fee, fees, portal, login, page, \
            form, fare, price, report, notes, card, license, list, job, manual",
        nobody: "",
    },
    wish: Wish {
        heads: "talk to, talk with, talk w, speak to, speak with, speak w, chat with, chat to, connect me to, connect me with, \
            be connected to, be connected with, get connected to, transfer me to, be transferred to, put me through to, put through to, put me on to, \
            put me in touch with, pass me to, pass me on to, pass me over to, escalate me to, escalate to, escalate this to, \
            escalate it to, hand me over to, hand this over to, forward me to, redirect me to, switch me to, send me to, \
            get hold of, get through to, get in touch with, deal with, contact a, contact an, contact your",
        wants: "want, need, i demand, prefer, id like, would like, get me, give me, find me, is there, are there, there must be, \
            can i have, could i have, can i get, reach a, reach an",
        whole: "could * call me, can * call me, have * call me, have * contact me, could * contact me, can * contact me, \
            help from *, assistance from *, human help, human assistance, human support, a human to help, \
            * to talk to, * to speak to, * to speak with",
        alone: "transfer me, escalate, escalate this, escalate it, human help, human support, customer service, live chat, \
            live support, let me talk, call me",
    },
    promise: Promise {
        openers: "go ahead and, i am, im, i will, ill, i have, ive, ill be, i will be, let me, allow me to, going to, id like to, while i, \
            we are, were, we will, well, we have, weve, you are, youre, you are being, youre being, you will be, youll be, \
            you have been, this has been, it has been, chat has been, \
            conversation has been, case has been, request has been, issue has been, call has been, chat is being, \
            conversation is being, case is being, request is being, chat will be, conversation will be, case will be, \
            request will be, now",
        verbs: "transferring, transfer, transferred, connecting, connect you, connected, passing you, pass you, passed you, \
            handing, hand you, hand this, handed, escalating, escalate, escalated, forwarding, forward you, forwarded, \
            putting you, put you, get you, getting you, bring in, bringing in, referring you, refer you, routing you, \
            route you, redirecting you, passing this, pass this",
        alone: "transferring you, transfer you, connecting you, connect you, putting you through, put you through, \
            being transferred, be transferred, passing you on, handing you over, hand you over",
        bare: "transferring, connecting you, escalating, putting you, handing you, forwarding you, passing you",
        whole: "* will take over, * will be with you, * will join, * is joining, * will take it from here",
        soon: "* will contact you, * will reply, * will assist you, * will help you, * will answer",
        at_once: "now, right, away, immediately, please, hold, on, one, a, moment, over, shortly, soon, straight, second, through",
        conditions: "if, when, once, unless, after, before, until, whenever",
        modals: "can, could, may, might, would, should, try",
        ifs: "if, unless, once, should, after",
        relatives: "who, that, they, and, so, which, he, she",
        tags: "ok, okay, right, alright, all, yes",
    },
    clarifications: "dont understand, do not understand, didnt understand, did not understand, couldnt understand, \
        could not understand, not sure i understand, not sure i understood, not sure what you mean, not sure i follow, \
        didnt catch that, didnt get that, could you rephrase, can you rephrase, please rephrase, try rephrasing, \
        could you clarify, can you clarify, please clarify, could you repeat, can you repeat, in other words please, \
        say it in another way, say it another way, put it another way, say that another way, say it differently, \
        be more specific",
};
