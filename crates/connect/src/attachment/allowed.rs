//! What may be attached to a chat (Connect's admin guide, "feature specifications"), and the scanner.

use super::StartAttachmentUpload;
use crate::error::{Error, ErrorKind};

/// The largest file, in bytes: 20 MB.
pub const MAX_BYTES: u64 = 20 * 1024 * 1024;
/// How many attachments a chat may have.
pub const MAX_PER_CHAT: usize = 35;

/// The endings of names that Connect lists for attachments of chats.
pub const EXTENSIONS: [&str; 18] = [
    "csv", "doc", "docx", "heic", "jfif", "jpeg", "jpg", "mov", "mp4", "pdf", "png", "ppt", "pptx", "rtf", "txt",
    "wav", "xls", "xlsx",
];

/// The media types of those endings, with the names that browsers have for them.
pub const CONTENT_TYPES: [&str; 20] = [
    "text/csv",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/heic",
    "image/jpeg",
    "video/quicktime",
    "video/mp4",
    "application/pdf",
    "image/png",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/rtf",
    "text/rtf",
    "text/plain",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/vnd.wave",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

/// The EICAR test file, in two halves: a scanner must not take this program for it.
const EICAR: [&[u8]; 2] = [br"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR", b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

/// Holds an upload against what Connect allows.
///
/// # Errors
/// [`ErrorKind::InvalidParameter`]: the size, the content type, the ending of the name, or a character in it that cannot
/// be seen (such as one that turns the direction of writing, and so the ending).
pub(crate) fn check(upload: &StartAttachmentUpload) -> Result<(), Error> {
    let refuse = |message: String| Err(Error::new(ErrorKind::InvalidParameter, message));
    if upload.size_bytes == 0 || upload.size_bytes > MAX_BYTES {
        return refuse(format!("AttachmentSizeInBytes must be from 1 to {MAX_BYTES}."));
    }
    if upload.name.chars().any(is_unseen) {
        return refuse("AttachmentName must not have control characters.".into());
    }
    let ending = upload.name.rsplit_once('.').map(|(_, ending)| ending).unwrap_or_default();
    if !EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(ending)) {
        return refuse(format!("AttachmentName must end in one of .{}.", EXTENSIONS.join(", .")));
    }
    let essence = upload.content_type.split(';').next().unwrap_or_default().trim();
    if !CONTENT_TYPES.iter().any(|known| known.eq_ignore_ascii_case(essence)) {
        return refuse(format!("ContentType is not supported; it can be {}.", CONTENT_TYPES.join(", ")));
    }
    Ok(())
}

/// The scanner of this machine: it rejects what begins with the EICAR test file, and nothing else. Connect asks a Lambda
/// function of the instance's owner.
pub(crate) fn is_clean(content: &[u8]) -> bool {
    let [first, second] = EICAR;
    !content.strip_prefix(first).is_some_and(|rest| rest.starts_with(second))
}

fn is_unseen(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(name: &str, content_type: &str, size_bytes: u64) -> StartAttachmentUpload {
        StartAttachmentUpload {
            name: name.into(),
            content_type: content_type.into(),
            size_bytes,
            client_token: "t".into(),
        }
    }

    #[test]
    fn what_is_listed_is_allowed_and_nothing_else() {
        for good in [
            upload("bill.pdf", "application/pdf", 1),
            upload("Año 2026.PDF", "Application/PDF", MAX_BYTES),
            upload("a.b.txt", "text/plain; charset=utf-8", 3),
        ] {
            check(&good).unwrap();
        }
        for bad in [
            upload("bill.pdf", "application/pdf", 0),
            upload("bill.pdf", "application/pdf", MAX_BYTES + 1),
            upload("bill.exe", "application/pdf", 1),
            upload("pdf", "application/pdf", 1),
            upload("bill.pdf", "text/html", 1),
            upload("bill.pdf", "", 1),
            upload("bill\u{202e}txt.pdf", "application/pdf", 1),
            upload("bill\n.pdf", "application/pdf", 1),
        ] {
            assert_eq!(check(&bad).unwrap_err().kind, ErrorKind::InvalidParameter, "{bad:?}");
        }
    }

    #[test]
    fn the_test_file_is_rejected() {
        assert!(!is_clean(&EICAR.concat()));
        assert!(!is_clean(&[&EICAR.concat()[..], b"\n"].concat()));
        assert!(is_clean(&EICAR.concat()[1..]));
        assert!(is_clean(b""));
    }
}
