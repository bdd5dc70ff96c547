//! Encoding and decoding of batches undo each other, and no bytes make the decoder panic.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::limits::BATCH_SIZE_MAX;

type Bytes = Vec<u8>;
type Parts = (Option<Bytes>, Option<Bytes>, Vec<(Bytes, Option<Bytes>)>, i64);

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..40)
}

fn parts() -> impl Strategy<Value = Parts> {
    let headers = vec((bytes(), option::of(bytes())), 0..3);
    (option::of(bytes()), option::of(bytes()), headers, any::<i64>())
}

fn encode(parts: &[Parts], base_offset: i64) -> (Header, Bytes) {
    let headers: Vec<Vec<_>> = parts
        .iter()
        .map(|part| part.2.iter().map(|(k, v)| (k.as_slice(), v.as_deref())).collect())
        .collect();
    let records: Vec<Record<'_>> = parts
        .iter()
        .zip(&headers)
        .map(|(part, headers)| Record {
            key: part.0.as_deref(),
            value: part.1.as_deref(),
            headers,
            timestamp: part.3,
        })
        .collect();
    let mut out = Vec::new();
    let place = Place { base_offset, leader_epoch: 3, size_max: BATCH_SIZE_MAX };
    let header = encode_batch(&records, place, &mut out).unwrap();
    (header, out)
}

proptest! {
    #[test]
    fn decoding_undoes_encoding(parts in vec(parts(), 1..6), base_offset in 0..i64::MAX / 2) {
        let (header, batch) = encode(&parts, base_offset);
        let decoded = Header::decode(&batch).unwrap();
        prop_assert_eq!(&decoded, &header);
        prop_assert_eq!(decoded.verify(&batch), Ok(()));
        let records = Records::new(&decoded, &batch[BATCH_HEADER_SIZE..]);
        prop_assert_eq!(records.clone().check(), Ok(()));
        for (delta, (record, part)) in records.zip(&parts).enumerate() {
            let record = record.unwrap();
            prop_assert_eq!(record.offset, base_offset + i64::try_from(delta).unwrap());
            prop_assert_eq!(record.timestamp, part.3);
            prop_assert_eq!(record.key, part.0.as_deref());
            prop_assert_eq!(record.value, part.1.as_deref());
            let headers: Vec<_> =
                record.headers.iter().map(|(k, v)| (k.to_vec(), v.map(<[u8]>::to_vec))).collect();
            prop_assert_eq!(&headers, &part.2);
        }
        prop_assert_eq!(usize::try_from(decoded.count).unwrap(), parts.len());
    }

    #[test]
    fn any_flipped_bit_but_those_of_the_leader_epoch_is_seen(
        parts in vec(parts(), 1..3), base_offset in 0_i64..1 << 40, at: prop::sample::Index,
    ) {
        let (_, mut batch) = encode(&parts, base_offset);
        let bit = at.index(batch.len() * 8);
        batch[bit / 8] ^= 1 << (bit % 8);
        let outside_stamp = bit / 8 < 4 || bit == 4 * 8 + 7;
        let epoch = (12..16).contains(&(bit / 8));
        let seen = match Header::decode(&batch) {
            Err(_) => true,
            Ok(header) if header.size() != batch.len() => true,
            Ok(header) => header.verify(&batch).is_err(),
        };
        prop_assert!(seen || outside_stamp || epoch, "bit {} went unseen", bit);
    }

    #[test]
    fn any_bytes_decode_to_something(bytes in vec(any::<u8>(), 0..300)) {
        if let Ok(header) = Header::decode(&bytes) {
            let _ = Records::new(&header, &bytes[BATCH_HEADER_SIZE..]).check();
        }
    }

    #[test]
    fn any_body_is_read_or_refused(parts in vec(parts(), 1..4), noise in vec(any::<u8>(), 1..9),
        at: prop::sample::Index) {
        let (header, mut batch) = encode(&parts, 7);
        let start = BATCH_HEADER_SIZE + at.index(batch.len() - BATCH_HEADER_SIZE);
        for (byte, noise) in batch[start..].iter_mut().zip(noise) {
            *byte = noise;
        }
        let _ = Records::new(&header, &batch[BATCH_HEADER_SIZE..]).check();
    }
}
