//! A folder of documents in two languages, and a PDF made by hand.

use std::{fmt::Write as _, fs, path::Path, time::Duration};

use relevo_knowledge::{FolderBase, FolderSettings, Keep};
use tempfile::TempDir;

pub(crate) const RETURNS_ES: &str = "# Devoluciones\n\n## Plazo\n\nLos productos se pueden devolver dentro de 30 días desde la compra.\n\n\
    ## Reembolso\n\nEl dinero vuelve a la tarjeta en 5 días hábiles.\n";
pub(crate) const SHIPPING_EN: &str = "# Shipping\n\n## Abroad\n\nWe deliver to neighbouring countries within two weeks.\n\n\
    ## Costs\n\nDelivery is free for orders above 50 dollars.\n";

/// A folder with a document in Spanish and one in English.
pub(crate) fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "devoluciones.md", RETURNS_ES);
    put(dir.path(), "en/shipping.md", SHIPPING_EN);
    dir
}

pub(crate) fn put(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Looks at the folder before each search.
pub(crate) fn settings(folder: &Path) -> FolderSettings {
    FolderSettings {
        folder: folder.to_owned(),
        language: None,
        languages: vec!["es".into(), "en".into()],
        look_every: Duration::ZERO,
    }
}

pub(crate) fn base(folder: &Path) -> FolderBase {
    FolderBase::new(settings(folder), Keep::Memory)
}

/// The best passage's place and text; nothing where nothing fits.
pub(crate) fn best(base: &FolderBase, query: &str) -> Option<(String, String)> {
    let found = base.search(query, 3).unwrap();
    let best = found.first()?;
    Some((best.location.as_ref().unwrap().text().to_owned(), best.text().to_owned()))
}

/// A PDF with a page for each text, one line a line.
pub(crate) fn pdf(pages: &[&str]) -> Vec<u8> {
    let mut objects = vec![String::from("<< /Type /Catalog /Pages 2 0 R >>"), String::new()];
    objects.push("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".into());
    let mut kids = String::new();
    for page in pages {
        let mut content = String::from("BT /F1 12 Tf 72 720 Td 14 TL ");
        for line in page.lines() {
            // WinAnsi, as octal numbers where it is no ASCII.
            let text: String = line
                .chars()
                .map(|c| if c.is_ascii() { c.to_string() } else { format!("\\{:03o}", u32::from(c)) })
                .collect();
            write!(content, "({text}) Tj T* ").unwrap();
        }
        content.push_str("ET");
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            objects.len()
        ));
        write!(kids, "{} 0 R ", objects.len()).unwrap();
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len());
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let xref = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1).unwrap();
    file.into_bytes()
}
