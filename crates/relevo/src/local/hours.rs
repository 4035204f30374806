//! `hours.yaml` in a bot's folder: the hours of operation that its flow asks for.

use std::path::Path;

use relevo_connect::centre::HoursOfOperation;

use crate::flows;

pub(super) const FILE_NAME: &str = "hours.yaml";

/// The folder's hours; none where there is no such file.
///
/// # Errors
/// Where the file is wrong, and how.
pub(super) fn read(folder: &Path) -> Result<Vec<HoursOfOperation>, (usize, String)> {
    let file = folder.join(FILE_NAME);
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&file).map_err(|error| (1, format!("cannot be read: {error}")))?;
    serde_saphyr::from_str(&text).map_err(|error| {
        let line = error.location().and_then(|location| usize::try_from(location.line()).ok()).unwrap_or(1);
        (line, flows::yaml_message(&error.without_snippet().to_string()))
    })
}
