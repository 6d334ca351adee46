//! Texts kept once, each with a small number.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Byte texts in one long buffer; number 0 is the empty text.
///
/// Texts of up to eleven bytes, as ids are, stand in the table itself: looking one up touches one
/// place in memory, where the others take four.
pub(crate) struct Interner {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    short: HashTable<(Short, u32)>,
    long: HashTable<u32>,
}

impl Interner {
    pub(crate) fn new() -> Interner {
        Interner {
            bytes: Vec::new(),
            ends: vec![0],
            short: HashTable::new(),
            long: HashTable::new(),
        }
    }

    /// Makes room for as many texts more.
    pub(crate) fn reserve(&mut self, texts: usize) {
        self.short.reserve(texts, |(key, _)| hash_short(*key));
        self.ends.reserve(texts);
        self.bytes.reserve(texts * 10);
    }

    /// The text's number, new if it was not there.
    pub(crate) fn number(&mut self, text: &[u8]) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let next = self.ends.len() as u32;
        let number = match short_key(text) {
            Some(key) => {
                self.short
                    .entry(
                        hash_short(key),
                        |(other, _)| *other == key,
                        |(other, _)| hash_short(*other),
                    )
                    .or_insert((key, next))
                    .get()
                    .1
            }
            None => {
                let (bytes, ends) = (&self.bytes, &self.ends);
                let hash = hash_long(text);
                match self.long.find(hash, |&n| slice(bytes, ends, n) == text) {
                    Some(found) => *found,
                    None => {
                        self.long.insert_unique(hash, next, |&n| {
                            hash_long(if n == next {
                                text
                            } else {
                                slice(bytes, ends, n)
                            })
                        });
                        next
                    }
                }
            }
        };
        if number == next {
            self.bytes.extend_from_slice(text);
            self.ends.push(self.bytes.len() as u32);
        }
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

/// A short text, padded with zeros, its length in the last byte.
type Short = [u8; 12];

fn short_key(text: &[u8]) -> Option<Short> {
    let mut key: Short = [0; 12];
    let (last, room) = key.split_last_mut()?;
    *last = text.len() as u8;
    room.get_mut(..text.len())?.copy_from_slice(text);
    Some(key)
}

fn hash_short(key: Short) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let [a, b, c, d, e, f, g, h, rest @ ..] = key;
    let low = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
    let high = u64::from(u32::from_le_bytes(rest));
    let mixed = u128::from(low ^ high.rotate_left(40)) * u128::from(ODD);
    (mixed as u64) ^ (mixed >> 64) as u64
}

fn hash_long(text: &[u8]) -> u64 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(text);
    hasher.finish()
}

fn slice<'a>(bytes: &'a [u8], ends: &[u32], number: u32) -> &'a [u8] {
    let at = |i: usize| ends.get(i).map_or(0, |&e| e as usize);
    let n = number as usize;
    let start = if n == 0 { 0 } else { at(n - 1) };
    bytes.get(start..at(n)).unwrap_or(&[])
}

/// UTF-8, else Windows-1252.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_its_number() {
        let mut interner = Interner::new();
        assert_eq!(interner.number(b""), 0);
        let texts: Vec<Vec<u8>> = (0..5000u32)
            .map(|i| {
                let text = format!("{i:0width$}", width = (i % 40) as usize + 1);
                text.into_bytes()
            })
            .collect();
        let numbers: Vec<u32> = texts.iter().map(|t| interner.number(t)).collect();
        for (text, number) in texts.iter().zip(&numbers) {
            assert_eq!(interner.number(text), *number);
            assert_eq!(interner.bytes_of(*number), text.as_slice());
        }
        // Texts that differ only in a last zero byte or in length are different.
        assert_ne!(interner.number(b"a"), interner.number(b"a\0"));
        assert_ne!(
            interner.number(b"123456789012345"),
            interner.number(b"1234567890123456")
        );
    }
}
