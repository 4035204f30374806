//! Vectors of texts, by the text's fingerprint, so that what has not changed is never embedded again. They are kept in a file
//! beside the index, to which new ones are added at the end; it may be removed at any time.

use std::{
    collections::{HashMap, HashSet},
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The longest vector there is, in numbers.
const MOST_NUMBERS: u32 = 16_384;
/// So many that nobody needs are no reason to write the file anew.
const SPARE: usize = 1_000;

/// A text's name among others: FNV-1a of 128 bits.
pub(crate) type Fingerprint = u128;

/// The fingerprint of a text.
pub(crate) fn fingerprint(text: &str) -> Fingerprint {
    text.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

/// A vector of length one, so that the product of two is the cosine between them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Vector(Arc<[f32]>);

impl Vector {
    /// None where it has no direction, or a number that is none.
    pub(crate) fn new(numbers: &[f32]) -> Option<Self> {
        let length = numbers.iter().map(|n| f64::from(*n) * f64::from(*n)).sum::<f64>().sqrt();
        #[expect(clippy::cast_possible_truncation, reason = "the number it comes from was one of 32 bits")]
        let unit = |n: &f32| (f64::from(*n) / length) as f32;
        (length.is_finite() && length > 0.0).then(|| Self(numbers.iter().map(unit).collect()))
    }

    /// The cosine; of vectors of different models 0.
    pub(crate) fn cosine(&self, other: &Self) -> f32 {
        if self.0.len() != other.0.len() {
            return 0.0;
        }
        self.0.iter().zip(&*other.0).map(|(one, other)| one * other).sum()
    }
}

/// All vectors of one model that are known.
pub(crate) struct Vectors {
    /// Which model's: those of another say nothing beside them.
    model: String,
    file: Option<PathBuf>,
    known: HashMap<Fingerprint, Vector>,
}

impl Vectors {
    /// Those in the file, as far as they are this model's. Without a file they are in memory alone.
    pub(crate) fn open(model: String, file: Option<PathBuf>) -> Self {
        let known = match file.as_deref().map(|path| read(path, &model)) {
            Some(Ok(known)) => known,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "vectors cannot be read; they are made anew");
                HashMap::new()
            }
            _ => HashMap::new(),
        };
        Self { model, file, known }
    }

    pub(crate) fn get(&self, text: Fingerprint) -> Option<&Vector> {
        self.known.get(&text)
    }

    /// Adds vectors, to the file too. One that cannot be written is known all the same.
    pub(crate) fn add(&mut self, new: Vec<(Fingerprint, Vector)>) -> io::Result<()> {
        let written = match &self.file {
            Some(path) if path.is_file() && !self.known.is_empty() => {
                OpenOptions::new().append(true).open(path).and_then(|file| write(file, &new))
            }
            // A file of another model's vectors, or none.
            Some(path) => write_anew(path, &self.model, self.known.iter().chain(new.iter().map(|(id, it)| (id, it)))),
            None => Ok(()),
        };
        self.known.extend(new);
        written
    }

    /// Forgets what is not needed, when that is most of it.
    pub(crate) fn keep(&mut self, needed: &HashSet<Fingerprint>) -> io::Result<()> {
        if self.known.len() <= 2 * needed.len() + SPARE {
            return Ok(());
        }
        self.known.retain(|text, _| needed.contains(text));
        self.file.as_deref().map_or(Ok(()), |path| write_anew(path, &self.model, self.known.iter()))
    }
}

fn write(file: File, vectors: &[(Fingerprint, Vector)]) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    vectors.iter().try_for_each(|(text, vector)| record(&mut file, *text, vector))?;
    file.flush()
}

/// In a file of its own first: half a file is never in the place of a whole one.
fn write_anew<'a>(
    path: &Path,
    model: &str,
    vectors: impl Iterator<Item = (&'a Fingerprint, &'a Vector)>,
) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let half = path.with_extension("half");
    let mut file = BufWriter::new(File::create(&half)?);
    writeln!(file, "{model}")?;
    for (text, vector) in vectors {
        record(&mut file, *text, vector)?;
    }
    file.flush()?;
    drop(file);
    fs::rename(half, path)
}

fn record(file: &mut impl io::Write, text: Fingerprint, vector: &Vector) -> io::Result<()> {
    file.write_all(&text.to_le_bytes())?;
    file.write_all(&u32::try_from(vector.0.len()).map_err(io::Error::other)?.to_le_bytes())?;
    vector.0.iter().try_for_each(|number| file.write_all(&number.to_le_bytes()))
}

/// Reads as far as the file is whole: the last record may have been cut by a kill.
fn read(path: &Path, model: &str) -> io::Result<HashMap<Fingerprint, Vector>> {
    let mut file = BufReader::new(File::open(path)?);
    let mut first = Vec::new();
    io::BufRead::read_until(&mut file, b'\n', &mut first)?;
    let mut known = HashMap::new();
    if first.strip_suffix(b"\n") != Some(model.as_bytes()) {
        return Ok(known);
    }
    let (mut text, mut count, mut number) = ([0; 16], [0; 4], [0; 4]);
    while file.read_exact(&mut text).and_then(|()| file.read_exact(&mut count)).is_ok() {
        let count = u32::from_le_bytes(count);
        if count > MOST_NUMBERS {
            break;
        }
        let numbers = (0..count).map(|_| file.read_exact(&mut number).map(|()| f32::from_le_bytes(number)));
        let Ok(numbers) = numbers.collect::<io::Result<Vec<f32>>>() else { break };
        known.extend(Vector::new(&numbers).map(|vector| (Fingerprint::from_le_bytes(text), vector)));
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(numbers: &[f32]) -> Vector {
        Vector::new(numbers).unwrap()
    }

    #[test]
    fn cosines() {
        assert!((vector(&[3.0, 4.0]).cosine(&vector(&[6.0, 8.0])) - 1.0).abs() < 1e-6);
        assert!(vector(&[1.0, 0.0]).cosine(&vector(&[0.0, 2.0])).abs() < 1e-6);
        assert!(vector(&[1.0]).cosine(&vector(&[1.0, 0.0])).abs() < 1e-6);
        for none in [&[][..], &[0.0, 0.0], &[f32::NAN], &[f32::INFINITY, 1.0]] {
            assert_eq!(Vector::new(none), None, "{none:?}");
        }
    }

    #[test]
    fn what_was_added_is_there_again_but_for_another_models() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kept/vectors");
        let (a, b) = (fingerprint("a"), fingerprint("b"));
        assert_ne!(a, b);
        let mut vectors = Vectors::open("m".into(), Some(path.clone()));
        vectors.add(vec![(a, vector(&[1.0, 0.0]))]).unwrap();
        vectors.add(vec![(b, vector(&[0.0, 1.0]))]).unwrap();
        let again = Vectors::open("m".into(), Some(path.clone()));
        assert_eq!((again.get(a), again.get(b)), (Some(&vector(&[1.0, 0.0])), Some(&vector(&[0.0, 1.0]))));

        // Cut in the middle of the last record.
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() - 3]).unwrap();
        let cut = Vectors::open("m".into(), Some(path.clone()));
        assert!(cut.get(a).is_some() && cut.get(b).is_none());

        let mut other = Vectors::open("another".into(), Some(path.clone()));
        assert!(other.get(a).is_none());
        other.add(vec![(b, vector(&[1.0]))]).unwrap();
        assert!(Vectors::open("m".into(), Some(path.clone())).get(a).is_none());
        assert!(Vectors::open("another".into(), Some(path)).get(b).is_some());
    }

    #[test]
    fn what_nobody_needs_is_forgotten_when_it_is_most() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vectors");
        let mut vectors = Vectors::open("m".into(), Some(path.clone()));
        let all: Vec<_> = (0..1_500_u128).map(|text| (text, vector(&[1.0]))).collect();
        vectors.add(all).unwrap();
        let full = fs::metadata(&path).unwrap().len();
        vectors.keep(&(0..300).collect()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), full, "not yet worth it");
        vectors.keep(&(0..100).collect()).unwrap();
        assert!(fs::metadata(&path).unwrap().len() < full / 10);
        let again = Vectors::open("m".into(), Some(path));
        assert!(again.get(99).is_some() && again.get(100).is_none());
    }
}
