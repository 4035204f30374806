//! Access to an attachment's content for whoever holds the signature, until it ends: what a pre-signed S3 URL is to Connect.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What may be done with the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Put it there.
    Upload,
    /// Read it, to be saved.
    Attachment,
    /// Read it, to be shown.
    Inline,
}

impl Access {
    /// The word that is signed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Attachment => "attachment",
            Self::Inline => "inline",
        }
    }

    /// The access of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Upload, Self::Attachment, Self::Inline].into_iter().find(|access| access.as_str() == word)
    }
}

/// One signed access. Whoever has it has the content: it is never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedAccess {
    /// The contact.
    pub contact_id: String,
    /// The attachment.
    pub attachment_id: String,
    /// What may be done.
    pub access: Access,
    /// Until when, in ms since the epoch.
    pub expires_ms: i64,
    /// Over all of it, in base64 for URLs.
    pub signature: String,
}

impl SignedAccess {
    /// Signs with a key of the attachment's own.
    pub(crate) fn sign(key: &str, contact_id: &str, attachment_id: &str, access: Access, expires_ms: i64) -> Self {
        let mut signed = Self {
            contact_id: contact_id.to_owned(),
            attachment_id: attachment_id.to_owned(),
            access,
            expires_ms,
            signature: String::new(),
        };
        if let Some(mac) = signed.mac(key) {
            signed.signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        }
        signed
    }

    /// Whether the signature is this key's; takes the same time however wrong it is.
    pub(crate) fn is_good(&self, key: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(&self.signature) else { return false };
        self.mac(key).is_some_and(|mac| mac.verify_slice(&signature).is_ok())
    }

    fn mac(&self, key: &str) -> Option<Hmac<Sha256>> {
        // A key of any length is one.
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
        let Self { contact_id, attachment_id, access, expires_ms, .. } = self;
        mac.update(format!("{}\n{contact_id}\n{attachment_id}\n{expires_ms}", access.as_str()).as_bytes());
        Some(mac)
    }
}

impl fmt::Debug for SignedAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedAccess({:?} of {} until {})", self.access, self.attachment_id, self.expires_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_it_can_be_changed() {
        let signed = SignedAccess::sign("key", "c", "a", Access::Attachment, 5);
        assert_eq!(signed.signature.len(), 43);
        assert!(signed.is_good("key"));
        let signature: String = signed.signature.chars().rev().collect();
        for wrong in [
            SignedAccess { contact_id: "d".into(), ..signed.clone() },
            SignedAccess { attachment_id: "b".into(), ..signed.clone() },
            SignedAccess { access: Access::Inline, ..signed.clone() },
            SignedAccess { access: Access::Upload, ..signed.clone() },
            SignedAccess { expires_ms: 6, ..signed.clone() },
            SignedAccess { signature, ..signed.clone() },
            SignedAccess { signature: String::new(), ..signed.clone() },
            SignedAccess { signature: "é".into(), ..signed.clone() },
        ] {
            assert!(!wrong.is_good("key"), "{wrong:?}");
        }
        assert!(!signed.is_good("another"));
        assert!(!format!("{signed:?}").contains(&signed.signature));
    }
}
