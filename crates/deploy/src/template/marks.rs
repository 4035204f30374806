//! The places of the base template that a bot's folder fills: between `# >>> name` and `# <<< name`.

/// Puts `block` in the place of `name`, each line as far in as the marks. Without the marks the text stays as it is.
pub(super) fn fill(template: &str, name: &str, block: &str) -> String {
    let (begin, end) = (format!("# >>> {name}"), format!("# <<< {name}"));
    let mut filled = String::with_capacity(template.len() + block.len());
    let mut inside = false;
    for line in template.lines() {
        let mark = line.trim();
        inside = inside && mark != end;
        if !inside {
            filled.push_str(line);
            filled.push('\n');
        }
        if mark == begin {
            inside = true;
            let margin = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
            push_indented(&mut filled, block, margin);
        }
    }
    filled
}

fn push_indented(text: &mut String, block: &str, margin: &str) {
    for line in block.lines() {
        if !line.is_empty() {
            text.push_str(margin);
            text.push_str(line);
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_between_the_marks_is_replaced() {
        let base = "a:\n  # >>> x\n  old: 1\n  # <<< x\nb: 2\n";
        let filled = fill(base, "x", "new:\n  - 1\n");
        assert_eq!(filled, "a:\n  # >>> x\n  new:\n    - 1\n  # <<< x\nb: 2\n");
        assert_eq!(fill(&filled, "x", "old: 1"), base, "and can be again");
        assert_eq!(fill(base, "x", ""), "a:\n  # >>> x\n  # <<< x\nb: 2\n");
        assert_eq!(fill(base, "y", "z"), base);
    }
}
