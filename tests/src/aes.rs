//! Finds AES-256 keys in the memory of a process without knowing any of them.
//!
//! Whoever encrypts keeps the 15 round keys of a key one after the other, and each follows from those before it (FIPS 197, section 5.2): 240 bytes
//! that fit are a key, by no chance that matters. The way of Halderman and others, "Lest We Remember: Cold Boot Attacks on Encryption Keys"
//! (2008). A program that computes AES by tables or bit slices keeps another form, which this does not see.

use crate::memory::{self, Process};
use anyhow::Result;
use std::collections::BTreeSet;

/// 60 words of four bytes.
const SCHEDULE: usize = 240;

/// What stands before the key of a random generator of OpenSSL (`rand_drbg_ctr_st` in providers/implementations/rands/drbg_ctr.c
/// of OpenSSL 3): the length of the key, 32, and that it uses a derivation function, 1.
const GENERATOR: [u8; 12] = [32, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0];

/// A key, as a hash value: enough to tell one from another, and no secret in a test's output.
pub type Mark = u64;

/// Every key whose round keys lie in this process, without those of the random generators of OpenSSL: a key of theirs opens
/// nothing that was ever sealed, and is replaced at each use, which for the one that seeds the others may be a long time.
///
/// # Errors
/// When the process cannot be read.
pub fn keys_in(process: &Process) -> Result<BTreeSet<Mark>> {
    let boxed = substitution();
    let (mut marks, mut generators) = (BTreeSet::new(), BTreeSet::new());
    // One more than a schedule, so that the pieces share a multiple of four and round keys lie at such a place in each.
    memory::each_range(process, SCHEDULE + 1, |bytes| {
        for at in (0..bytes.len()).step_by(4) {
            let rest = bytes.get(at..).unwrap_or_default();
            marks.extend(rest.get(..SCHEDULE).and_then(|round_keys| key(round_keys, &boxed)));
            generators.extend(rest.strip_prefix(&GENERATOR).and_then(|rest| rest.get(..32)).map(mark));
        }
    })?;
    Ok(&marks - &generators)
}

/// The mark of the key that these bytes are the round keys of.
fn key(bytes: &[u8], substitution: &[u8; 256]) -> Option<Mark> {
    let word = |at: usize| -> Option<u32> { Some(u32::from_le_bytes(bytes.get(at * 4..at * 4 + 4)?.try_into().ok()?)) };
    let substituted = |word: u32| -> u32 {
        u32::from_le_bytes(
            word.to_le_bytes().map(|byte| substitution.get(usize::from(byte)).copied().unwrap_or_default()),
        )
    };
    let mut round: u8 = 1;
    for at in 8..60 {
        let before = word(at - 1)?;
        let changed = match at % 8 {
            // RotWord takes the first byte to the end, which in this byte order is a turn to the right.
            0 => substituted(before.rotate_right(8)) ^ u32::from(round),
            4 => substituted(before),
            _ => before,
        };
        if word(at)? != word(at - 8)? ^ changed {
            return None;
        }
        if at % 8 == 0 {
            round = double(round);
        }
    }
    bytes.get(..32).map(mark)
}

fn mark(key: &[u8]) -> Mark {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Times x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1 (FIPS 197, section 4.2).
const fn double(byte: u8) -> u8 {
    (byte << 1) ^ (if byte & 0x80 == 0 { 0 } else { 0x1b })
}

fn times(mut left: u8, mut right: u8) -> u8 {
    let mut product = 0;
    while right != 0 {
        if right & 1 == 1 {
            product ^= left;
        }
        left = double(left);
        right >>= 1;
    }
    product
}

/// The S-box: the inverse in GF(2^8), then an affine map (FIPS 197, section 5.1.1).
fn substitution() -> [u8; 256] {
    let inverse = |byte: u8| (0..=255).find(|other| times(byte, *other) == 1).unwrap_or(0);
    std::array::from_fn(|byte| {
        let inverse = inverse(u8::try_from(byte).unwrap_or_default());
        (1..5).fold(inverse ^ 0x63, |sum, turn| sum ^ inverse.rotate_left(turn))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, appendix A.3: the expansion of this key ends in 706c631e.
    const KEY: &str = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";

    #[test]
    fn the_published_expansion_is_a_key_and_one_wrong_bit_makes_it_none() {
        let boxed = substitution();
        let mut schedule = expansion(&hex::decode(KEY).unwrap(), &boxed);
        assert_eq!(hex::encode(&schedule[236..]), "706c631e", "the last word of the example");
        assert!(key(&schedule, &boxed).is_some(), "the round keys of a key");
        schedule[200] ^= 1;
        assert!(key(&schedule, &boxed).is_none(), "one wrong bit");
    }

    #[test]
    fn a_schedule_in_this_process_is_found_wherever_it_lies_and_that_of_a_generator_is_not() {
        let boxed = substitution();
        let mut schedules: Vec<Vec<u8>> = (0..3).map(|number| expansion(&fresh(number), &boxed)).collect();
        let marks: Vec<Mark> = schedules.iter().map(|schedule| mark(&schedule[..32])).collect();
        // Larger than what is read at once, and the only place of this one.
        let mut large = vec![1; 4 << 20];
        large[(5 << 19) + 12..][..SCHEDULE].swap_with_slice(&mut schedules[1]);
        let generator = [&GENERATOR[..], &schedules[2][..32]].concat();
        let this = Process { pid: std::process::id(), name: "this".to_owned() };
        let found = keys_in(&this).unwrap();
        std::hint::black_box((&large, &generator, &schedules));
        assert!(found.contains(&marks[0]), "it lies on this test's heap");
        assert!(found.contains(&marks[1]), "it lies behind the first piece");
        assert!(!found.contains(&marks[2]), "a generator's");
    }

    fn fresh(number: u32) -> Vec<u8> {
        (0..32_u32).map(|at| (std::process::id().rotate_left(at) ^ at ^ (number << 6)) as u8).collect()
    }

    fn expansion(key: &[u8], boxed: &[u8; 256]) -> Vec<u8> {
        let mut words: Vec<[u8; 4]> = key.chunks(4).map(|word| word.try_into().unwrap()).collect();
        let mut round = 1;
        for at in 8..60 {
            let mut word = words[at - 1];
            if at % 8 == 0 {
                word.rotate_left(1);
            }
            if at % 4 == 0 {
                word = word.map(|byte| boxed[usize::from(byte)]);
            }
            if at % 8 == 0 {
                word[0] ^= round;
                round = double(round);
            }
            let before = words[at - 8];
            words.push(std::array::from_fn(|byte| word[byte] ^ before[byte]));
        }
        words.concat()
    }
}
