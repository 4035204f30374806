//! The content of attachments on disk: one file each in a folder beside the database.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use relevo_connect::ports::{FileError, Files};

/// What is still being written; the next start removes it.
const PART: &str = ".part";

/// The folder.
pub(crate) struct AttachmentFiles(Arc<PathBuf>);

impl AttachmentFiles {
    /// Makes the folder, if it is not there, and removes what was never written to its end.
    ///
    /// # Errors
    /// The folder cannot be made or read.
    pub(crate) fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        for name in names(&folder)?.iter().filter(|name| name.ends_with(PART)) {
            fs::remove_file(folder.join(name))?;
        }
        Ok(Self(Arc::new(folder)))
    }

    /// Files block; they are worked on beside the runtime.
    async fn work<T, W>(&self, work: W) -> Result<T, FileError>
    where
        T: Send + 'static,
        W: FnOnce(&Path) -> io::Result<T> + Send + 'static,
    {
        let folder = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.map_err(|error| FileError(error.to_string()))?.map_err(|error| FileError(error.to_string()))
    }
}

#[async_trait]
impl Files for AttachmentFiles {
    async fn write(&self, name: &str, content: Vec<u8>) -> Result<(), FileError> {
        let name = checked(name)?;
        self.work(move |folder| {
            let part = folder.join(format!("{name}{PART}"));
            let mut file = File::create(&part)?;
            file.write_all(&content)?;
            file.sync_all()?;
            fs::rename(part, folder.join(name))?;
            sync(folder)
        })
        .await
    }

    async fn read(&self, name: &str) -> Result<Vec<u8>, FileError> {
        let name = checked(name)?;
        self.work(move |folder| fs::read(folder.join(name))).await
    }

    async fn remove(&self, name: &str) -> Result<(), FileError> {
        let name = checked(name)?;
        self.work(move |folder| match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    async fn list(&self) -> Result<Vec<String>, FileError> {
        self.work(names).await
    }
}

/// The names of the folder's files that could be ours.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string().unwrap_or_default();
        if checked(name.trim_end_matches(PART)).is_ok() {
            names.push(name);
        }
    }
    Ok(names)
}

/// A name that cannot lead out of the folder.
fn checked(name: &str) -> Result<String, FileError> {
    let good = !name.is_empty() && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '-');
    good.then(|| name.to_owned()).ok_or_else(|| FileError("this is no name of a file".into()))
}

/// A new name is on disk when its folder is.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened as a file.
#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn files_stay_and_what_was_cut_off_goes() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("attachments");
        let files = AttachmentFiles::open(at.clone()).unwrap();
        files.write("a-1", b"one".to_vec()).await.unwrap();
        files.write("a-1", b"two".to_vec()).await.unwrap();
        fs::write(at.join("b-2.part"), "half").unwrap();
        fs::write(at.join("somebody's.txt"), "not ours").unwrap();

        let files = AttachmentFiles::open(at.clone()).unwrap();
        assert_eq!(files.list().await.unwrap(), ["a-1"]);
        assert_eq!(files.read("a-1").await.unwrap(), b"two");
        files.remove("a-1").await.unwrap();
        files.remove("a-1").await.unwrap();
        assert!(files.read("a-1").await.is_err());
        for out in ["../relevo.redb", "", "a/b", "."] {
            assert!(files.read(out).await.is_err() && files.write(out, Vec::new()).await.is_err(), "{out}");
        }
        assert!(at.join("somebody's.txt").exists());
    }
}
