//! The languages that are built in: their grammar of "no", their words for a person, and what is said with them.
//!
//! Lists are texts with commas. Case, accents and apostrophes do not matter in them, but in `conditions`.

mod de;
mod en;
mod es;
mod fr;
pub(super) mod general;
mod it;
mod pt;

use super::{grammar::Rules, person::Persons};

/// A language.
#[derive(Debug)]
pub(super) struct Language {
    pub(super) code: &'static str,
    pub(super) rules: Rules,
    pub(super) persons: Persons,
    pub(super) wish: Wish,
    pub(super) promise: Promise,
    /// How an agent says that it did not understand.
    pub(super) clarifications: &'static str,
}

/// How a language asks for a person.
#[derive(Debug)]
pub(super) struct Wish {
    /// Asking, before a person: "speak with".
    pub(super) heads: &'static str,
    /// Wanting, whose object a person is: "I want".
    pub(super) wants: &'static str,
    /// Patterns that say it all; `*` is a person.
    pub(super) whole: &'static str,
    /// What says it where nothing else is said.
    pub(super) alone: &'static str,
}

/// How a language says that the customer is being transferred.
#[derive(Debug)]
pub(super) struct Promise {
    /// Who does it, before a verb: "I am".
    pub(super) openers: &'static str,
    /// Verbs before a person.
    pub(super) verbs: &'static str,
    /// Verbs that need no person: "transferring you" now.
    pub(super) alone: &'static str,
    /// Verbs that need no opener where they begin the sentence.
    pub(super) bare: &'static str,
    /// Patterns that say it all; `*` is a person.
    pub(super) whole: &'static str,
    /// The same, where one of `at_once` is said too: "an agent will contact you" may be tomorrow.
    pub(super) soon: &'static str,
    /// What may follow where nobody is named.
    pub(super) at_once: &'static str,
    /// Words that make an offer of it. With their accents: "si" is one, "sí" is not.
    pub(super) conditions: &'static str,
    /// Verbs that do so before it: "I can transfer you".
    pub(super) modals: &'static str,
    /// Those of the conditions that make one of it also behind a comma.
    pub(super) ifs: &'static str,
    /// Words behind a person with which something else begins: "who will tell you when".
    pub(super) relatives: &'static str,
    /// Questions behind a statement that ask nothing: ", okay?".
    pub(super) tags: &'static str,
}

/// The languages.
pub(super) static ALL: &[Language] =
    &[es::LANGUAGE, en::LANGUAGE, pt::LANGUAGE, fr::LANGUAGE, de::LANGUAGE, it::LANGUAGE];
