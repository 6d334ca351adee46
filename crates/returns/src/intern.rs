//! Texts kept once, each with a small number.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Byte texts in one long buffer; number 0 is the empty text.
pub(crate) struct Interner {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

impl Interner {
    pub(crate) fn new() -> Interner {
        Interner {
            bytes: Vec::new(),
            ends: vec![0],
            table: HashTable::new(),
        }
    }

    /// Makes room for as many texts more.
    pub(crate) fn reserve(&mut self, texts: usize) {
        let (bytes, ends) = (&self.bytes, &self.ends);
        self.table.reserve(texts, |&n| hash(slice(bytes, ends, n)));
        self.ends.reserve(texts);
        self.bytes.reserve(texts * 10);
    }

    /// The text's number, new if it was not there.
    pub(crate) fn number(&mut self, text: &[u8]) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let hash = hash(text);
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(found) = self.table.find(hash, |&n| slice(bytes, ends, n) == text) {
            return *found;
        }
        let number = self.ends.len() as u32;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        let (bytes, ends) = (&self.bytes, &self.ends);
        self.table
            .insert_unique(hash, number, |&n| self::hash(slice(bytes, ends, n)));
        number
    }

    pub(crate) fn bytes_of(&self, number: u32) -> &[u8] {
        slice(&self.bytes, &self.ends, number)
    }

    /// The text; where it is not UTF-8 it is read as Windows-1252.
    pub(crate) fn text(&self, number: u32) -> String {
        decode(self.bytes_of(number))
    }

    /// How many numbers there are, the empty text's included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn slice<'a>(bytes: &'a [u8], ends: &[u32], number: u32) -> &'a [u8] {
    let at = |i: usize| ends.get(i).map_or(0, |&e| e as usize);
    let n = number as usize;
    let start = if n == 0 { 0 } else { at(n - 1) };
    bytes.get(start..at(n)).unwrap_or(&[])
}

fn hash(text: &[u8]) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(text);
    hasher.finish()
}

/// UTF-8, else Windows-1252.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}
