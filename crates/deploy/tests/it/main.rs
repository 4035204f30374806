//! What goes to AWS, made of the examples.

mod folders;
mod template;
