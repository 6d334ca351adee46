//! What people are called in the files of an inspection: pseudonyms, unless names are asked for.

use std::io::Read;
use std::path::Path;

use candour_record::Record;
use hmac::{Hmac, Mac};
use rayon::prelude::*;
use sha2::Sha256;

use crate::error::InspectError;

/// Bytes of the key.
const KEY_BYTES: usize = 32;
/// Bytes of the pseudonym: 96 bits, so that no two of England's people are likely to share one.
const LABEL_BYTES: usize = 12;

/// A secret key: the same key gives the same pseudonyms from one return to the next.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl Key {
    /// Reads a key file, or makes it, readable by its owner only, when it is not there.
    ///
    /// # Errors
    /// When the file cannot be read or made, or holds no key.
    pub fn from_file(path: &Path) -> Result<Key, InspectError> {
        let fail = |why: String| InspectError::Key {
            path: path.to_owned(),
            why,
        };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let digits = text.trim();
                let bytes: Option<Vec<u8>> = (0..digits.len())
                    .step_by(2)
                    .map(|i| {
                        digits
                            .get(i..i + 2)
                            .and_then(|d| u8::from_str_radix(d, 16).ok())
                    })
                    .collect();
                bytes
                    .filter(|b| b.len() == KEY_BYTES)
                    .map(Key)
                    .ok_or_else(|| fail("it holds no key of 64 hexadecimal digits. Name another file, or move this one away and a new key is made.".into()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Key::random().map_err(|e| fail(e.to_string()))?;
                key.write(path)
                    .map_err(|e| fail(format!("it is not there and cannot be made: {e}")))?;
                Ok(key)
            }
            Err(error) => Err(fail(error.to_string())),
        }
    }

    /// A key of given bytes, for tests and made-up councils.
    pub fn from_bytes(bytes: &[u8]) -> Key {
        Key(bytes.to_vec())
    }

    fn random() -> std::io::Result<Key> {
        let mut bytes = vec![0u8; KEY_BYTES];
        std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
        Ok(Key(bytes))
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        use std::io::Write;
        use std::os::unix::fs::OpenOptionsExt;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        writeln!(file, "{}", hex(&self.0))?;
        file.sync_all()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, b| {
            let _ = write!(text, "{b:02x}");
            text
        })
}

/// Everybody's printed name, and the order of printing.
pub struct Labels {
    labels: Vec<String>,
    /// People by label.
    pub(crate) order: Vec<u32>,
    pub pseudonyms: bool,
}

impl Labels {
    /// Pseudonyms under `key`, or with no key the names of the record.
    pub fn new(record: &Record, key: Option<&Key>) -> Labels {
        let labels: Vec<String> = record
            .people
            .par_iter()
            .map(|person| match key {
                Some(key) => pseudonym(key, &record.council, &person.name),
                None => person.name.clone(),
            })
            .collect();
        let mut order: Vec<u32> = (0..labels.len() as u32).collect();
        order.par_sort_by(|a, b| {
            let label = |i: u32| labels.get(i as usize).map_or("", String::as_str);
            label(*a).cmp(label(*b)).then(a.cmp(b))
        });
        Labels {
            labels,
            order,
            pseudonyms: key.is_some(),
        }
    }

    pub fn of(&self, person: u32) -> &str {
        self.labels.get(person as usize).map_or("", String::as_str)
    }
}

/// HMAC-SHA256 of council code and name, cut to 24 hexadecimal digits.
fn pseudonym(key: &Key, council: &str, name: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key.0) else {
        return String::new(); // a key of any length is taken
    };
    mac.update(council.as_bytes());
    mac.update(&[0]);
    mac.update(name.as_bytes());
    let bytes = mac.finalize().into_bytes();
    hex(bytes.get(..LABEL_BYTES).unwrap_or(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudonyms_agree_with_openssl() {
        // printf '999\0P000123' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f
        let key = Key::from_bytes(&(0u8..32).collect::<Vec<_>>());
        assert_eq!(
            pseudonym(&key, "999", "P000123"),
            "ac034bc9b5c0900163875c98"
        );
    }

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let folder = std::env::temp_dir().join(format!("candour-key-{}", std::process::id()));
        let path = folder.join("deep").join("key");
        let first = Key::from_file(&path).unwrap();
        let second = Key::from_file(&path).unwrap();
        assert_eq!(first.0, second.0);
        std::fs::write(&path, "not a key").unwrap();
        assert!(Key::from_file(&path).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
