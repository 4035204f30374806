//! Decisions of a contact.
