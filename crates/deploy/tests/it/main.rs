//! What goes to AWS and comes back.

mod cfn;
mod classic;
mod import;
