//! Tools: what executes the functions of an action group.
