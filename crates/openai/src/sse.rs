//! Server-sent events, of bytes that are split anywhere.
//!
//! Only an event's data counts here. By the standard, a line of an unknown kind is skipped; not by it, an event at the
//! end of the stream counts without the empty line behind it: some servers leave that out after `[DONE]`. (The libraries at
//! hand refuse a stream for the first, and drop an event for the second.)

/// The events so far.
#[derive(Debug, Default)]
pub(crate) struct Events {
    line: Vec<u8>,
    data: Option<String>,
    begun: bool,
    /// The line ended with a carriage return: a line feed that follows belongs to it.
    returned: bool,
}

impl Events {
    /// Takes bytes; gives the data of the events that are complete by them.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut complete = Vec::new();
        for byte in bytes {
            let returned = std::mem::replace(&mut self.returned, *byte == b'\r');
            match byte {
                b'\n' if returned => {}
                b'\n' | b'\r' => complete.extend(self.end_line()),
                _ => self.line.push(*byte),
            }
        }
        complete
    }

    /// The stream is over; gives the data of an event that nothing ended.
    pub(crate) fn end(mut self) -> Option<String> {
        let data = self.end_line();
        data.or(self.data)
    }

    /// An empty line ends an event.
    fn end_line(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line);
        let mut line = String::from_utf8_lossy(&line);
        if !std::mem::replace(&mut self.begun, true)
            && let Some(rest) = line.strip_prefix('\u{feff}')
        {
            line = rest.to_owned().into();
        }
        if line.is_empty() {
            return self.data.take();
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        if field == "data" {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Events;

    fn read(text: &str, most: usize) -> Vec<String> {
        let mut events = Events::default();
        let mut data: Vec<String> = text.as_bytes().chunks(most).flat_map(|bytes| events.feed(bytes)).collect();
        data.extend(events.end());
        data
    }

    #[test]
    fn events_by_any_line_end_and_split() {
        for (text, wanted) in [
            ("data: a\n\ndata:b\n\n", vec!["a", "b"]),
            ("data: a\r\n\r\ndata: b\r\n\r\n", vec!["a", "b"]),
            ("data: a\r\rdata: b\r\r", vec!["a", "b"]),
            ("\u{feff}data: ¡é!\n\n", vec!["¡é!"]),
            (": ping\n\nevent: x\nid: 1\nretry: soon\nnonsense\ndata: a\ndata: b\n\n", vec!["a\nb"]),
            ("data: a\n\n\n\ndata\n\n", vec!["a", ""]),
            ("data: a\n\ndata: [DONE]", vec!["a", "[DONE]"]),
            ("data: a\n\ndata: [DONE]\n", vec!["a", "[DONE]"]),
            ("", vec![]),
        ] {
            for most in 1..=text.len().max(1) {
                assert_eq!(read(text, most), wanted, "{text:?} by {most}");
            }
        }
    }
}
