//! Links the functions at a fixed address: a file that can be loaded anywhere carries a table of all places to mend, and
//! mending them at the start makes pages of the file the process's own memory (`docs/performance.md`). Go's functions are
//! linked in the same way. Stack, heap and libraries are still placed at random.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let linux = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "linux");
    let gnu = std::env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|env| env == "gnu");
    if linux && gnu {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
