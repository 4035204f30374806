//! What of the page is sent: not the comments of modules and style sheets, which are for who reads the source, nor indentation
//! where it means nothing.
//!
//! Lines that are nothing but comment go, and each leaves its line break behind: a browser's errors and break points are at the
//! same lines as in the source. Within a line of a module only types go, `/** @type {X} */`: that is what such comments are there.

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `//` begins a comment. Where a text of several lines may stand in it, its indentation stays.
    Module,
    Style,
    /// Blanks count once, however many.
    Page,
}

/// The text without its lines of comment and what indentation means nothing.
pub(super) fn slim(text: &str, kind: Kind) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut inside = false;
    // A line with one mark too many may begin such a text; or it has a mark in a pattern, which costs some blanks.
    let indented = kind == Kind::Module && text.lines().any(|line| line.matches('`').count() % 2 == 1);
    for line in text.lines() {
        let trimmed = line.trim();
        let comment = if kind == Kind::Page {
            false
        } else if inside || trimmed.starts_with("/*") {
            // What stands behind the end of a comment is no comment, such as the value that a type is said of.
            let end = trimmed.find("*/").map(|at| at + 2);
            let whole = end.is_none_or(|end| end == trimmed.len());
            inside = (inside || whole) && end.is_none();
            whole
        } else {
            kind == Kind::Module && trimmed.starts_with("//")
        };
        let line = if indented { line.trim_end() } else { trimmed };
        match kind {
            _ if comment => {}
            Kind::Module => without_types(line, &mut kept),
            Kind::Style | Kind::Page => kept.push_str(line),
        }
        kept.push('\n');
    }
    kept
}

fn without_types(line: &str, kept: &mut String) {
    let mut rest = line;
    while let Some((before, from)) = rest.split_once("/** @")
        && let Some((_, after)) = from.split_once("*/")
    {
        kept.push_str(before);
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    kept.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::{Kind, slim};

    #[test]
    fn lines_of_comment_go_and_their_places_stay() {
        for (text, kept) in [
            ("// a\nlet x = 1; // b\n", "\nlet x = 1; // b\n"),
            ("/** a */\nf();\n", "\nf();\n"),
            ("/**\n * a\n */\nf();\n", "\n\n\nf();\n"),
            ("  /* a\n  b */\n  c {}\n", "\n\nc {}\n"),
            ("  a(`b\n    c`);\n", "  a(`b\n    c`);\n"),
            ("  a(`b`);\n", "a(`b`);\n"),
            ("x =\n  /** @type {Y} */ (z);\n", "x =\n(z);\n"),
            ("f((/** @type {A} */ a, /** @type {B} */ b) => a /* b */);", "f((a, b) => a /* b */);\n"),
            ("f(\"/** @open\");", "f(\"/** @open\");\n"),
            ("f(\"/* no comment\");\n// a\n", "f(\"/* no comment\");\n\n"),
            ("const url = \"https://a\";", "const url = \"https://a\";\n"),
        ] {
            assert_eq!(slim(text, Kind::Module), kept, "{text}");
        }
        assert_eq!(slim("//a\n/* b */\n  c {}\n", Kind::Style), "//a\n\nc {}\n");
        assert_eq!(slim("<a>\n  /* b */ //\n", Kind::Page), "<a>\n/* b */ //\n");
    }

    /// The promise of the page: all of it together, as it is sent.
    #[test]
    fn the_page_is_small() {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web"));
        let (mut sum, mut folders) = (0, vec![folder.to_path_buf()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.extension().and_then(|it| it.to_str()) {
                    None => folders.push(path),
                    Some(kind @ ("js" | "css" | "html")) => {
                        let kind = match kind {
                            "js" => Kind::Module,
                            "css" => Kind::Style,
                            _ => Kind::Page,
                        };
                        sum += slim(&std::fs::read_to_string(&path).unwrap(), kind).len();
                    }
                    Some(_) => sum += std::fs::read(path).unwrap().len(),
                }
            }
        }
        assert!(sum < 250_000, "the page has {sum} bytes");
    }
}
