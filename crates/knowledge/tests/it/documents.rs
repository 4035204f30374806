//! Each kind of document is read and cited; what cannot be read is left out and said.

use relevo_agents::knowledge::Location;
use relevo_knowledge::{FileProblem, check};
use serde_json::json;

use crate::support::{base, best, folder, pdf, put};

#[test]
fn every_kind_of_document_is_found() {
    let dir = folder();
    put(dir.path(), "a.html", "<h1>Garantía</h1><p>La garantía cubre defectos de fábrica por un año.</p>");
    put(dir.path(), "b.txt", "Abrimos de lunes a viernes.\n\nLos sábados atendemos hasta el mediodía.");
    put(dir.path(), "planes.csv", "Plan;Precio;Llamadas\nBásico;9,90;100\nIlimitado;19,90;sin límite\n");
    put(dir.path(), "manual.pdf", pdf(&["Portada", "El bot\u{f3}n rojo\nreinicia el equipo."]));
    let base = base(dir.path());
    for (query, file, text) in [
        ("¿puedo devolver un producto?", "devoluciones.md", "30 días"),
        ("when is delivery free", "en/shipping.md", "above 50 dollars"),
        ("que cubre la garantia", "a.html", "defectos de fábrica"),
        ("¿atienden los sábados?", "b.txt", "hasta el mediodía"),
        ("precio del plan ilimitado", "planes.csv", "Precio: 19,90"),
        ("como reiniciar el equipo", "manual.pdf", "El botón rojo reinicia el equipo."),
    ] {
        let found = best(&base, query).unwrap_or_else(|| panic!("{query}"));
        assert!(found.0 == file && found.1.contains(text), "{query}: {found:?}");
    }
    assert_eq!(base.problems().unwrap(), []);
    assert_eq!(check(dir.path()).unwrap(), []);
}

#[test]
fn a_passage_says_where_it_stands() {
    let dir = folder();
    put(dir.path(), "manual.pdf", pdf(&["Portada del manual de usuario", "El botón rojo reinicia el equipo."]));
    put(dir.path(), "planes.csv", "Plan,Precio\nIlimitado,19\n");
    let base = base(dir.path());
    let first = |query: &str| base.search(query, 1).unwrap().remove(0);
    let returns = first("plazo para devolver productos");
    assert_eq!(returns.location, Some(Location::custom("devoluciones.md")));
    assert_eq!(json!(returns.metadata), json!({"section": "Devoluciones > Plazo", "language": "es"}));
    assert_eq!(first("botón rojo").metadata["page"], 2);
    assert_eq!(first("plan ilimitado").metadata["row"], 1);
}

#[test]
fn what_cannot_be_read_is_left_out_and_said() {
    let dir = folder();
    put(dir.path(), "broken.pdf", "%PDF-1.4 and nothing else");
    put(dir.path(), "scan.pdf", pdf(&[""]));
    put(dir.path(), "empty.md", "# Only a title\n");
    put(dir.path(), "picture.txt", [0_u8, 159, 146, 150]);
    put(dir.path(), "logo.png", "not a document");
    put(dir.path(), ".hidden.md", "not a document either");
    let base = base(dir.path());
    let problems = base.problems().unwrap();
    let files: Vec<&str> = problems.iter().map(|problem| problem.file.as_str()).collect();
    assert_eq!(files, ["broken.pdf", "empty.md", "picture.txt", "scan.pdf"]);
    assert!(problems[3].reason.contains("scan"), "{problems:?}");
    assert_eq!(check(dir.path()).unwrap(), problems);
    assert_eq!(best(&base, "devolver").unwrap().0, "devoluciones.md");
}

#[test]
fn a_folder_without_documents_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let reason = "there is no .md, .txt, .html, .csv or .pdf file in it".to_owned();
    assert_eq!(check(dir.path()).unwrap(), [FileProblem { file: String::new(), reason }]);
    assert_eq!(best(&base(dir.path()), "anything"), None);
    assert!(check(&dir.path().join("nowhere")).is_err() && base(&dir.path().join("nowhere")).search("x", 1).is_err());
}
