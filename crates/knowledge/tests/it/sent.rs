//! Files that a customer sends along.

use relevo_agents::runtime::{FileReader as _, InputFile};
use relevo_knowledge::SentFiles;

use crate::support::pdf;

async fn read(name: &str, media_type: &str, data: &[u8]) -> Result<String, String> {
    let file = InputFile { name: name.into(), media_type: media_type.into(), data: data.to_vec() };
    SentFiles.text(file).await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn what_is_text_stays_and_what_is_not_becomes_text() {
    let html = b"<html><head><title>t</title></head><body><h1>Returns</h1><p>Thirty days.</p><script>x()</script></body></html>";
    for (name, media_type, data, wanted) in [
        ("a.csv", "text/csv", b"name;n\nA;1\n".as_slice(), "name;n\nA;1"),
        ("a.json", "application/json", b" {\"n\": [1]} ", "{\"n\": [1]}"),
        ("a.md", "text/markdown; charset=utf-8", b"# A\n\n- b", "# A\n\n- b"),
        ("a.txt", "text/plain", b"Devoluci\xf3n", "Devolución"),
        ("a.html", "text/html", html, "# Returns\n\nThirty days."),
        ("a.txt", "application/octet-stream", b"told by its name", "told by its name"),
    ] {
        assert_eq!(read(name, media_type, data).await.as_deref(), Ok(wanted), "{name}");
    }
    let text = read("a.pdf", "application/pdf", pdf(&["Portada", "El botón rojo."]).as_ref()).await.unwrap();
    assert_eq!(text, "[Page 1]\n\nPortada\n\n[Page 2]\n\nEl botón rojo.");
}

#[tokio::test]
async fn what_cannot_be_read_says_why() {
    for (media_type, data, why) in [
        ("application/vnd.ms-excel", b"a".as_slice(), "files of the type application/vnd.ms-excel cannot be read"),
        ("image/png", b"a", "cannot be read"),
        ("application/pdf", b"no pdf", "not a PDF"),
        ("text/plain", b" \n ", "there is no text in it"),
        ("text/plain", b"a\0b", "it is no text"),
    ] {
        let error = read("a.xls", media_type, data).await.unwrap_err();
        assert!(error.contains(why), "{media_type}: {error}");
    }
}
