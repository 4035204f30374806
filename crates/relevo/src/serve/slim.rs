//! Scripts and styles without what only their reader needs: comments on lines of their own, and indentation. Nothing is renamed
//! or moved, and whoever wants to read them finds them in `web/`.

/// The text as it is sent. A file in which a text goes over several lines is sent as it is: there, indentation counts.
pub(super) fn slim(text: &str) -> String {
    if text.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return text.to_owned();
    }
    let mut slim = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            match line.split_once("*/") {
                // What follows a comment on its line is code.
                Some((_, rest)) => {
                    in_comment = false;
                    push(&mut slim, rest.trim());
                }
                None => in_comment = true,
            }
        } else if !line.starts_with("//") {
            push(&mut slim, line);
        }
    }
    slim
}

fn push(slim: &mut String, line: &str) {
    if !line.is_empty() {
        slim.push_str(line);
        slim.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_and_nothing_else() {
        let text = "// What it is.\n\n/**\n * @param {string} a\n */\nexport const f = (a) => {\n  /* why */ return `//${a}`; // here\n};\n  /** One. */\n";
        assert_eq!(slim(text), "export const f = (a) => {\nreturn `//${a}`; // here\n};\n");
        let css = "/* A\n   b */\n.a { color: red; }\n@media (x) {\n  .b { margin: 0; }\n}\n";
        assert_eq!(slim(css), ".a { color: red; }\n@media (x) {\n.b { margin: 0; }\n}\n");
    }

    #[test]
    fn a_text_over_several_lines_is_left_alone() {
        let text = "const a = `\n  // not a comment\n`;\n";
        assert_eq!(slim(text), text);
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
                    Some("js" | "css") => sum += slim(&std::fs::read_to_string(path).unwrap()).len(),
                    Some(_) => sum += std::fs::read(path).unwrap().len(),
                }
            }
        }
        assert!(sum < 250_000, "the page has {sum} bytes");
    }
}
