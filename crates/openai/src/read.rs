//! A body's bytes, split anywhere, to an answer: events, or one JSON document of a server that does not stream.

use serde_json::Value;

use crate::{
    collect::{Answer, Collected},
    fault::Fault,
    sse::Events,
};

/// More is no answer: the longest of today's models with every token in an event of its own.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The answer as it comes in.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    form: Form,
    collected: Collected,
    bytes: usize,
    done: bool,
}

#[derive(Debug, Default)]
enum Form {
    /// Nothing but white space so far.
    #[default]
    Unknown,
    Events(Events),
    Document(Vec<u8>),
}

impl Reading {
    /// Takes bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes = self.bytes.saturating_add(bytes.len());
        if self.bytes > MOST_BYTES {
            return Err(Fault::Unreadable);
        }
        let mut bytes = bytes;
        if let Form::Unknown = self.form {
            bytes = bytes.trim_ascii_start();
            match bytes.first() {
                None => return Ok(()),
                Some(b'{') => self.form = Form::Document(Vec::new()),
                Some(_) => self.form = Form::Events(Events::default()),
            }
        }
        match &mut self.form {
            Form::Unknown => Ok(()),
            Form::Document(document) => {
                document.extend_from_slice(bytes);
                Ok(())
            }
            Form::Events(events) => {
                let events = events.feed(bytes);
                events.iter().try_for_each(|data| self.event(data))
            }
        }
    }

    fn event(&mut self, data: &str) -> Result<(), Fault> {
        match data.trim() {
            _ if self.done => Ok(()),
            // What only keeps the connection alive.
            "" => Ok(()),
            "[DONE]" => {
                self.done = true;
                Ok(())
            }
            data => {
                let chunk: Value = serde_json::from_str(data).map_err(|_| Fault::Unreadable)?;
                self.collected.take(&chunk)
            }
        }
    }

    /// What the model says, as far as it came in, behind so many bytes of it.
    pub(crate) fn said(&self, behind: usize) -> Option<&str> {
        self.collected.said_behind(behind)
    }

    /// The endpoint said that this was all.
    pub(crate) fn is_done(&self) -> bool {
        self.done
    }

    /// The model said that this was all: there may be what it cost, and nothing else.
    pub(crate) fn is_finished(&self) -> bool {
        self.done || self.collected.is_finished()
    }

    /// The answer, when there is no more to read.
    pub(crate) fn finish(mut self) -> Result<Answer, Fault> {
        match std::mem::take(&mut self.form) {
            Form::Unknown => Err(Fault::Cut),
            Form::Events(events) => {
                // Half an event is no event.
                if let Some(data) = events.end()
                    && let Err(fault) = self.event(&data)
                    && !self.is_finished()
                {
                    return Err(if matches!(fault, Fault::Unreadable) { Fault::Cut } else { fault });
                }
                self.collected.finish(self.done)
            }
            Form::Document(document) => {
                let document: Value = serde_json::from_slice(&document)
                    .map_err(|error| if error.is_eof() { Fault::Cut } else { Fault::Unreadable })?;
                self.collected.take(&document)?;
                self.collected.finish(true)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::Index};

    use super::*;

    const WIRES: [&str; 5] = [
        include_str!("../tests/it/fixtures/documented_text.sse"),
        include_str!("../tests/it/fixtures/parallel_calls.sse"),
        include_str!("../tests/it/fixtures/compatible.sse"),
        include_str!("../tests/it/fixtures/not_streamed.json"),
        include_str!("../tests/it/fixtures/refusal.sse"),
    ];

    fn read<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> Result<Answer, Fault> {
        let mut reading = Reading::default();
        pieces.into_iter().try_for_each(|piece| reading.feed(piece))?;
        reading.finish()
    }

    #[test]
    fn any_one_split_and_byte_by_byte() {
        for wire in WIRES.map(str::as_bytes) {
            let whole = read([wire]).unwrap();
            assert_eq!(read(wire.chunks(1)).unwrap(), whole);
            for at in 0..wire.len() {
                let (one, other) = wire.split_at(at);
                assert_eq!(read([one, other]).unwrap(), whole, "at {at}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_splits_give_the_same_answer(which in 0..WIRES.len(), cuts in vec(any::<Index>(), 0..12)) {
            let wire = WIRES[which].as_bytes();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(wire.len() + 1)).collect();
            cuts.extend([0, wire.len()]);
            cuts.sort_unstable();
            let pieces = cuts.windows(2).map(|pair| &wire[pair[0]..pair[1]]);
            prop_assert_eq!(read(pieces), read([wire]));
        }

        /// A stream that is cut anywhere is a failure, or, behind the model's end, the whole answer without what it cost.
        #[test]
        fn a_cut_stream_is_never_half_an_answer(which in 0..WIRES.len(), at in any::<Index>()) {
            let wire = WIRES[which].as_bytes();
            let whole = read([wire]).unwrap();
            match read([&wire[..at.index(wire.len())]]) {
                Ok(answer) => prop_assert_eq!((answer.content, answer.stop), (whole.content, whole.stop)),
                Err(fault) => prop_assert_eq!(fault, Fault::Cut),
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200), text in "(data: )?[\\[\\]{}\":,a-z0-9\n ]{0,80}") {
            let _answer = read([bytes.as_slice()]);
            let _answer = read([text.as_bytes()]);
        }
    }
}
