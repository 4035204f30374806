//! Where the lines of a flow's text stand in the file that it was taken from.

/// The file's line of each line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lines {
    /// The text is the file.
    Same,
    /// Each line has its own.
    Each(Vec<usize>),
}

impl Lines {
    /// The file's line of a line of the text, both from 1.
    pub(crate) fn in_file(&self, line: usize) -> usize {
        match self {
            Self::Same => line,
            Self::Each(lines) => lines.get(line.saturating_sub(1)).or(lines.last()).copied().unwrap_or(1),
        }
    }
}

/// A text that is put together of pieces, each of which knows its lines.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    text: String,
    lines: Vec<usize>,
}

impl Pieces {
    /// Puts a piece behind the others: all of it stands in one line of the file.
    pub(super) fn push(&mut self, piece: &str, line: usize) {
        self.push_lines(piece, &[line]);
    }

    /// The same, where each line of the piece stands in its own; what is more than there are stands in the last of them.
    pub(super) fn push_lines(&mut self, piece: &str, lines: &[usize]) {
        for (at, line) in piece.split('\n').enumerate() {
            let in_file = lines.get(at).or(lines.last()).copied().unwrap_or(1);
            if at > 0 {
                self.text.push('\n');
                self.lines.push(in_file);
            } else if self.lines.is_empty() {
                self.lines.push(in_file);
            }
            self.text.push_str(line);
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn into_parts(self) -> (String, Lines) {
        (self.text, Lines::Each(self.lines))
    }
}
