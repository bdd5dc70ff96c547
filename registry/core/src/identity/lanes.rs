//! MD5 of many texts at once. Each step of MD5 waits for the one before, so that one digest leaves
//! most of a processor idle; here [`LANES`] independent ones advance together, which the compiler
//! turns into vector instructions: two to three times as many bytes in a time, as measured.
//! A lane that is done takes the next text; lanes without one hash zeros that nobody looks at.
//! Not here: what belongs to an identity beside its text (`identity`).
//! Invariant: every digest equals the `md5` crate's, which a test holds against it.

/// How many digests advance together. Vectors of four words are in every processor that has
/// vectors; a second one fills the gaps of the first.
const LANES: usize = 8;
const BLOCK_SIZE: usize = 64;
/// What stands at the end of the last block beside the text: a mark and the length in bits.
const TRAILER_SIZE: usize = 9;

type Block = [u8; BLOCK_SIZE];
/// The same word of each lane.
type Words = [u32; LANES];

/// What a lane without a text hashes.
const NOTHING: Block = [0; BLOCK_SIZE];
const START: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
/// By how much each round rotates in turn.
const ROTATIONS: [[u32; 4]; 4] =
    [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
/// `|sin(step)| * 2^32`, from 1 on.
#[rustfmt::skip]
const SINES: [[u32; 16]; 4] = [
    [
        0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
        0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    ],
    [
        0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
        0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    ],
    [
        0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
        0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    ],
    [
        0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
        0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
    ],
];

/// The digest of each text.
pub(super) fn digests(texts: &[&[u8]]) -> Vec<[u8; 16]> {
    let mut digests = vec![[0; 16]; texts.len()];
    let mut waiting = texts.iter().enumerate();
    let mut lanes: [Option<Lane<'_>>; LANES] = [const { None }; LANES];
    let mut state = [[0_u32; LANES]; 4];
    loop {
        for (number, lane) in lanes.iter_mut().enumerate() {
            if let Some(busy) = lane {
                if busy.block().is_some() {
                    continue;
                }
                let words = state.map(|words| words[number].to_le_bytes());
                digests[busy.index].copy_from_slice(words.as_flattened());
            }
            *lane = waiting.next().map(|(index, text)| Lane::new(index, text));
            for (words, start) in state.iter_mut().zip(START) {
                words[number] = start;
            }
        }
        if lanes.iter().all(Option::is_none) {
            return digests;
        }
        let blocks = lanes.each_ref().map(|lane| lane.as_ref().and_then(Lane::block));
        compress(&mut state, &transposed(blocks.map(|block| block.unwrap_or(&NOTHING))));
        for lane in lanes.iter_mut().flatten() {
            lane.done += 1;
        }
    }
}

/// A text on its way.
struct Lane<'a> {
    /// Which of the texts it is.
    index: usize,
    whole: &'a [Block],
    /// The rest of the text with the trailer, in one block or two.
    tail: [Block; 2],
    tail_count: usize,
    /// Blocks that were hashed.
    done: usize,
}

impl<'a> Lane<'a> {
    fn new(index: usize, text: &'a [u8]) -> Self {
        let (whole, rest) = text.as_chunks();
        let tail_count = (rest.len() + TRAILER_SIZE).div_ceil(BLOCK_SIZE);
        let mut tail = [NOTHING; 2];
        let bytes = tail[..tail_count].as_flattened_mut();
        bytes[..rest.len()].copy_from_slice(rest);
        bytes[rest.len()] = 0x80;
        let bits = (text.len() as u64).wrapping_mul(8);
        *bytes.last_chunk_mut().expect("a block is longer") = bits.to_le_bytes();
        Self { index, whole, tail, tail_count, done: 0 }
    }

    /// What to hash next; none when all is done.
    fn block(&self) -> Option<&Block> {
        let tail = &self.tail[..self.tail_count];
        self.whole.get(self.done).or_else(|| tail.get(self.done - self.whole.len()))
    }
}

/// The words of the blocks, those at the same place side by side.
fn transposed(blocks: [&Block; LANES]) -> [Words; 16] {
    let mut words = [[0; LANES]; 16];
    for (place, words) in words.iter_mut().enumerate() {
        *words = blocks.map(|block| u32::from_le_bytes(block.as_chunks().0[place]));
    }
    words
}

/// Takes a block into each lane. The loop over the lanes is the outer one, with nothing but words
/// inside, because that is the form that the compiler makes vectors of.
#[inline(never)]
fn compress(state: &mut [Words; 4], words: &[Words; 16]) {
    let [a, b, c, d] = state;
    for lane in 0..LANES {
        let before = [a[lane], b[lane], c[lane], d[lane]];
        let after = round::<0>(before, words, lane);
        let after = round::<1>(after, words, lane);
        let after = round::<2>(after, words, lane);
        let after = round::<3>(after, words, lane);
        a[lane] = before[0].wrapping_add(after[0]);
        b[lane] = before[1].wrapping_add(after[1]);
        c[lane] = before[2].wrapping_add(after[2]);
        d[lane] = before[3].wrapping_add(after[3]);
    }
}

/// One of the four rounds over a block, in one lane.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call inside would keep `compress` from being vectors")]
fn round<const ROUND: usize>(mut sums: [u32; 4], words: &[Words; 16], lane: usize) -> [u32; 4] {
    for step in 0..16 {
        let [a, b, c, d] = sums;
        let (mixed, word) = match ROUND {
            0 => (d ^ (b & (c ^ d)), step),
            1 => (c ^ (d & (b ^ c)), (5 * step + 1) % 16),
            2 => (b ^ c ^ d, (3 * step + 5) % 16),
            _ => (c ^ (b | !d), (7 * step) % 16),
        };
        let sum = a.wrapping_add(SINES[ROUND][step]).wrapping_add(words[word][lane]);
        let turned = sum.wrapping_add(mixed).rotate_left(ROTATIONS[ROUND][step % 4]);
        sums = [d, b.wrapping_add(turned), b, c];
    }
    sums
}

#[cfg(test)]
mod tests {
    use md5::{Digest, Md5};
    use proptest::{collection::vec, prelude::*};

    fn check(texts: &[Vec<u8>]) {
        let slices: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let expected: Vec<[u8; 16]> = texts.iter().map(|text| Md5::digest(text).into()).collect();
        assert_eq!(super::digests(&slices), expected);
    }

    proptest! {
        #[test]
        fn digests_are_those_of_the_crate(texts in vec(vec(any::<u8>(), 0..300), 0..30)) {
            check(&texts);
        }
    }

    #[test]
    fn every_length_is_padded_right() {
        check(&(0..200).map(|length| vec![b'x'; length]).collect::<Vec<_>>());
    }
}
