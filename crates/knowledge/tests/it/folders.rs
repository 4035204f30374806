//! Search in the customer's words, and an index that follows its folder.

use std::{fs, time::Duration};

use relevo_knowledge::{FolderBase, FolderSettings, Keep};

use crate::support::{RETURNS_ES, base, best, folder, put, settings};

#[test]
fn words_are_found_in_other_forms_without_accents_and_with_a_typing_error() {
    let dir = folder();
    let base = base(dir.path());
    for (query, file) in [
        ("DEVOLUCION", "devoluciones.md"),
        ("¿cuando devuelven el dinero a mi tarjeta?", "devoluciones.md"),
        ("reenbolso", "devoluciones.md"),
        ("neighboring contries", "en/shipping.md"),
        ("deliveries", "en/shipping.md"),
    ] {
        assert_eq!(best(&base, query).map(|found| found.0).as_deref(), Some(file), "{query}");
    }
    for query in ["helicópteros", "¿?", "", "de la que", "xyz"] {
        assert_eq!(best(&base, query), None, "{query}");
    }
}

#[test]
fn at_most_so_many_passages_come_and_the_title_counts() {
    let dir = folder();
    put(
        dir.path(),
        "other.md",
        "# Otros\n\nEl reembolso de cupones, el reembolso de bonos y todo lo demás se ve caso a caso en tienda.\n",
    );
    let base = base(dir.path());
    assert_eq!(base.search("productos dinero delivery dollars", 2).unwrap().len(), 2);
    let found = base.search("reembolso", 5).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].metadata["section"], "Devoluciones > Reembolso");
}

#[test]
fn the_index_follows_its_folder() {
    let dir = folder();
    let base = base(dir.path());
    assert!(best(&base, "devolver").unwrap().1.contains("30 días"));
    put(dir.path(), "devoluciones.md", RETURNS_ES.replace("30 días", "90 días"));
    assert!(best(&base, "devolver").unwrap().1.contains("90 días"), "a file of another time");
    put(dir.path(), "nuevo/cupones.txt", "Los cupones vencen en diciembre.");
    assert_eq!(best(&base, "cupon vence").unwrap().0, "nuevo/cupones.txt");
    fs::remove_file(dir.path().join("devoluciones.md")).unwrap();
    assert_eq!(best(&base, "devolver productos"), None);
    put(dir.path(), "nuevo/cupones.txt", [0_u8]);
    assert_eq!(best(&base, "cupon vence"), None, "what can no longer be read is not said any more");
    assert_eq!(base.problems().unwrap().len(), 1);
}

#[test]
fn a_folder_is_not_looked_at_all_the_time() {
    let dir = folder();
    let base =
        FolderBase::new(FolderSettings { look_every: Duration::from_hours(1), ..settings(dir.path()) }, Keep::Memory);
    assert!(best(&base, "devolver").is_some());
    fs::remove_file(dir.path().join("devoluciones.md")).unwrap();
    assert!(best(&base, "devolver").is_some());
}

#[test]
fn a_folder_that_is_gone_is_answered_from_what_was_read() {
    let (dir, away) = (folder(), tempfile::tempdir().unwrap());
    let base = base(dir.path());
    assert!(best(&base, "devolver").is_some());
    fs::rename(dir.path(), away.path().join("x")).unwrap();
    assert!(best(&base, "devolver").is_some());
}

#[test]
fn the_same_folder_gives_the_same_answers_however_it_came_to_be() {
    let dir = folder();
    let queries = ["devolver productos dinero", "delivery orders", "reembolso tarjeta dias habiles", "plazo"];
    let asked = |base: &FolderBase| queries.map(|query| base.search(query, 10).unwrap());
    let grown = base(dir.path());
    for turn in 0..4 {
        for name in ["x.md", "b/y.md", "a.md"] {
            put(
                dir.path(),
                name,
                format!("# Plazo {turn}\n\nProductos {name} y dinero, delivery {}\n", "tarjeta ".repeat(turn)),
            );
            asked(&grown);
        }
        fs::remove_file(dir.path().join("x.md")).unwrap();
        asked(&grown);
    }
    put(dir.path(), "x.md", "# Plazo\n\nProductos y dinero\n");
    let fresh = base(dir.path());
    assert_eq!(asked(&grown), asked(&fresh));
    assert!(asked(&fresh).iter().all(|found| !found.is_empty()));
}

#[test]
fn an_index_on_disk_goes_on_and_one_that_is_broken_is_made_anew() {
    let (dir, data) = (folder(), tempfile::tempdir().unwrap());
    let kept = || FolderBase::new(settings(dir.path()), Keep::Folder(data.path().join("FAQ")));
    assert!(best(&kept(), "devolver").is_some());
    let stamp = |name: &str| fs::metadata(data.path().join("FAQ").join(name)).unwrap().modified().unwrap();
    let before = stamp("meta.json");
    assert!(best(&kept(), "devolver").is_some());
    assert_eq!(stamp("meta.json"), before, "nothing has changed, so nothing is written");
    fs::remove_file(dir.path().join("devoluciones.md")).unwrap();
    assert_eq!(best(&kept(), "devolver"), None, "what changed while nobody looked");
    let english = FolderBase::new(
        FolderSettings { language: Some("en".into()), ..settings(dir.path()) },
        Keep::Folder(data.path().join("FAQ")),
    );
    assert!(best(&english, "delivery").is_some(), "another language: it is made anew");
    fs::write(data.path().join("FAQ/meta.json"), "{").unwrap();
    assert!(best(&kept(), "delivery").is_some());
}
