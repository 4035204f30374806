//! Whether a refused message was refused for its length: the service has one exception for everything that is wrong
//! with a request, and its words are not specified.

use crate::fault::{Class, Fault};

/// The limit of instances that have not yet got the 16,384 bytes of 2026, in characters.
const OLD_LIMIT: usize = 1_024;

/// No channel refuses a text this short for its length, whatever the message says.
const NEVER: usize = 256;

/// Words of the service's and its framework's messages about a value that is too long.
const SAYS_SO: [&str; 7] =
    ["length less than or equal", "too long", "too large", "exceed", "maximum", "length constraint", "limit"];

/// Judges a refused `SendMessage`. A wrong yes costs a try with smaller parts; a wrong no costs the customer the answer:
/// where the message says neither, a text over the old limit counts as too long.
pub(super) fn is(fault: &Fault, message: &str, content: &str) -> bool {
    let Fault::Service { status, .. } = fault else { return false };
    if *status == 413 {
        return true;
    }
    let characters = content.chars().count();
    if *status != 400 || fault.class() != Class::Invalid || characters < NEVER {
        return false;
    }
    // The message may quote what was sent, which does not count.
    let said = message.replace(content, "").to_lowercase();
    if SAYS_SO.iter().any(|words| said.contains(words)) {
        return true;
    }
    let about_something_else = ["type", "token", "greater than or equal", "empty", "blank"];
    characters > OLD_LIMIT && !about_something_else.iter().any(|words| said.contains(words))
}

#[cfg(test)]
mod tests {
    use super::{Fault, is};

    fn refused(status: u16, code: &str) -> Fault {
        Fault::Service { status, code: Some(code.into()) }
    }

    #[test]
    fn a_refusal_for_length_is_told_from_others() {
        let long = "á".repeat(1_100);
        let middle = "á".repeat(600);
        let quoting = format!("{} and the maximum is too long", "x".repeat(300));
        let validation = refused(400, "ValidationException");
        let table = [
            (
                "Value at 'content' failed to satisfy constraint: Member must have length less than or equal to 512",
                &middle,
                true,
            ),
            ("Content exceeds the limit", &middle, true),
            ("Message is too long", &middle, true),
            ("Message is too long", &"hola".to_owned(), false),
            ("Invalid request", &middle, false),
            ("Invalid request", &long, true),
            ("", &long, true),
            ("", &middle, false),
            ("Unsupported content type: text/markdown", &long, false),
            ("Member must have length greater than or equal to 1", &String::new(), false),
            (&format!("Value '{quoting}' at 'content' is not allowed"), &quoting, false),
        ];
        for (message, content, wanted) in table {
            assert_eq!(is(&validation, message, content), wanted, "{message:?}");
        }
        assert!(is(&refused(413, "RequestEntityTooLarge"), "", "hola"));
        for other in [refused(403, "AccessDeniedException"), refused(500, "InternalServerException"), Fault::Timeout] {
            assert!(!is(&other, "too long", &long), "{other}");
        }
        assert!(!is(&refused(400, "ThrottlingException"), "Rate exceeded", &long));
    }
}
