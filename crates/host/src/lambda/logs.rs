//! What children write, line by line.

use std::sync::Arc;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

/// A longer line goes out in pieces of so many bytes, so that a child cannot fill this process's memory.
const LONGEST_LINE_BYTES: usize = 64 * 1024;

/// Where the lines go.
pub trait LogLines: Send + Sync {
    /// One line of a child of this function, without its end.
    fn line(&self, function: &str, line: &str);
}

/// Hands over each line of the pipe until it closes.
pub(super) async fn pump(pipe: impl AsyncRead + Unpin, function: String, log: Arc<dyn LogLines>) {
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    let out = |line: &mut Vec<u8>| {
        if !line.is_empty() {
            log.line(&function, String::from_utf8_lossy(line).trim_end_matches('\r'));
            line.clear();
        }
    };
    while let Ok(bytes) = reader.fill_buf().await {
        if bytes.is_empty() {
            break;
        }
        let room = LONGEST_LINE_BYTES - line.len();
        let end = bytes.iter().take(room).position(|byte| *byte == b'\n');
        let part = end.unwrap_or_else(|| bytes.len().min(room));
        line.extend(bytes.iter().take(part));
        reader.consume(part + usize::from(end.is_some()));
        if end.is_some() || line.len() >= LONGEST_LINE_BYTES {
            out(&mut line);
        }
    }
    out(&mut line);
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Kept(Mutex<Vec<String>>);

    impl LogLines for Kept {
        fn line(&self, _: &str, line: &str) {
            self.0.lock().unwrap().push(line.to_owned());
        }
    }

    #[tokio::test]
    async fn lines_come_whole_and_long_ones_in_pieces() {
        let kept = Arc::new(Kept::default());
        let long = "x".repeat(LONGEST_LINE_BYTES + 3);
        let text = format!("one\r\n\ntwo\n{long}\nlast \u{fffd}");
        pump(text.as_bytes(), "f".into(), kept.clone()).await;
        let lines = kept.0.lock().unwrap();
        let lengths: Vec<usize> = lines.iter().map(String::len).collect();
        assert_eq!(lengths, [3, 3, LONGEST_LINE_BYTES, 3, 8]);
        assert_eq!((lines[0].as_str(), lines[1].as_str(), lines[4].as_str()), ("one", "two", "last \u{fffd}"));
    }
}
