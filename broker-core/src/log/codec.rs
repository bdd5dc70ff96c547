//! The four compressions of a batch's records, each read with a bound and written as Kafka's own
//! clients write it. Snappy is read in both of its dresses: Java's framing and the bare block.
//! Invariant: no input makes an inflated size beyond the limit be allocated.

use std::io::{self, Read, Write};

use crate::error::Flaw;
use crate::limits::INFLATED_SIZE_MAX;
use crate::log::batch::Codec;

/// What snappy-java writes in front of its blocks.
const XERIAL_MAGIC: &[u8] = b"\x82SNAPPY\0";
const XERIAL_HEADER_SIZE: usize = 16;
const XERIAL_BLOCK_SIZE: usize = 32 << 10;

/// Inflates the records of a batch; `Codec::None` is not for here.
pub(crate) fn inflate(codec: Codec, bytes: &[u8]) -> Result<Vec<u8>, Flaw> {
    match codec {
        Codec::None => Ok(bytes.to_vec()),
        Codec::Gzip => drain(flate2::read::MultiGzDecoder::new(bytes)),
        Codec::Snappy => inflate_snappy(bytes),
        Codec::Lz4 => drain(lz4_flex::frame::FrameDecoder::new(bytes)),
        Codec::Zstd => drain(zstd::stream::read::Decoder::new(bytes).map_err(broken)?),
    }
}

pub(crate) fn deflate(codec: Codec, bytes: &[u8]) -> io::Result<Vec<u8>> {
    match codec {
        Codec::None => Ok(bytes.to_vec()),
        Codec::Gzip => {
            let level = flate2::Compression::default();
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
            encoder.write_all(bytes)?;
            encoder.finish()
        }
        Codec::Snappy => deflate_snappy(bytes),
        Codec::Lz4 => {
            let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
            encoder.write_all(bytes)?;
            encoder.finish().map_err(io::Error::other)
        }
        Codec::Zstd => zstd::stream::encode_all(bytes, 0),
    }
}

fn drain(decoder: impl Read) -> Result<Vec<u8>, Flaw> {
    let mut out = Vec::new();
    decoder.take(INFLATED_SIZE_MAX as u64 + 1).read_to_end(&mut out).map_err(broken)?;
    if out.len() > INFLATED_SIZE_MAX {
        return Err(Flaw::Inflated);
    }
    Ok(out)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn broken(error: io::Error) -> Flaw {
    Flaw::Inflate(error.to_string())
}

fn inflate_snappy(bytes: &[u8]) -> Result<Vec<u8>, Flaw> {
    let mut out = Vec::new();
    if !bytes.starts_with(XERIAL_MAGIC) {
        inflate_block(bytes, &mut out)?;
        return Ok(out);
    }
    let mut rest = bytes.get(XERIAL_HEADER_SIZE..).ok_or(Flaw::Truncated)?;
    while let Some((length, tail)) = rest.split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| Flaw::Truncated)?;
        let block = tail.get(..length).ok_or(Flaw::Truncated)?;
        inflate_block(block, &mut out)?;
        rest = &tail[length..];
    }
    if rest.is_empty() { Ok(out) } else { Err(Flaw::Truncated) }
}

fn inflate_block(block: &[u8], out: &mut Vec<u8>) -> Result<(), Flaw> {
    let broken = |error: snap::Error| Flaw::Inflate(error.to_string());
    let size = snap::raw::decompress_len(block).map_err(broken)?;
    if size > INFLATED_SIZE_MAX - out.len() {
        return Err(Flaw::Inflated);
    }
    // A block says its size before its bytes prove it: the densest legal block bounds the claim.
    if size / 64 > block.len() {
        return Err(Flaw::Inflate("a snappy block claims more than it can hold".to_owned()));
    }
    let start = out.len();
    out.resize(start + size, 0);
    let count = snap::raw::Decoder::new().decompress(block, &mut out[start..]).map_err(broken)?;
    out.truncate(start + count);
    Ok(())
}

fn deflate_snappy(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = XERIAL_MAGIC.to_vec();
    out.extend_from_slice(&1_u32.to_be_bytes());
    out.extend_from_slice(&1_u32.to_be_bytes());
    assert_eq!(out.len(), XERIAL_HEADER_SIZE);
    for block in bytes.chunks(XERIAL_BLOCK_SIZE) {
        let packed = snap::raw::Encoder::new().compress_vec(block).map_err(io::Error::other)?;
        let length = u32::try_from(packed.len()).map_err(io::Error::other)?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&packed);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CODECS: [Codec; 5] = [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn inflating_undoes_deflating(bytes in proptest::collection::vec(0_u8..4, 0..70_000)) {
            for codec in CODECS {
                let packed = deflate(codec, &bytes).unwrap();
                prop_assert_eq!(inflate(codec, &packed).unwrap(), bytes.clone());
            }
        }

        #[test]
        fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for codec in CODECS {
                let _ = inflate(codec, &bytes);
                let framed = [XERIAL_MAGIC, &[0; 8], bytes.as_slice()].concat();
                let _ = inflate(codec, &framed);
            }
        }
    }

    #[test]
    fn a_bare_snappy_block_is_read() {
        let packed = snap::raw::Encoder::new().compress_vec(b"a block without a frame").unwrap();
        assert_eq!(inflate(Codec::Snappy, &packed).unwrap(), b"a block without a frame");
    }

    #[test]
    fn a_bomb_is_refused_before_it_fills_memory() {
        let bomb = deflate(Codec::Zstd, &vec![0; INFLATED_SIZE_MAX + 1]).unwrap();
        assert!(bomb.len() < 1 << 20);
        assert_eq!(inflate(Codec::Zstd, &bomb), Err(Flaw::Inflated));
    }
}
