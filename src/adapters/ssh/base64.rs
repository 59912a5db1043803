//! Bytes as base64, the form keys and fingerprints are written in.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// With `=` at the end, as in key files.
pub(super) fn encode(bytes: &[u8]) -> String {
    bytes.chunks(3).flat_map(quartet).map(char::from).collect()
}

/// Without `=` at the end, as in fingerprints.
pub(super) fn encode_unpadded(bytes: &[u8]) -> String {
    encode(bytes).trim_end_matches('=').to_owned()
}

fn quartet(chunk: &[u8]) -> [u8; 4] {
    let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
    let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    let mut quartet = [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift & 63) as usize]);
    quartet[chunk.len() + 1..].fill(b'=');
    quartet
}

#[cfg(test)]
mod tests {
    use super::{encode, encode_unpadded};

    #[test]
    fn every_length_is_padded_as_the_standard_says() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (plain, encoded) in cases {
            assert_eq!(encode(plain.as_bytes()), encoded);
        }
        assert_eq!(encode_unpadded(b"f"), "Zg");
    }
}
