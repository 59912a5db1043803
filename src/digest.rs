//! SHA-256 in hexadecimal: what tells one content from another, everywhere in the house.

use sha2::{Digest as _, Sha256};

/// Of some bytes: 64 digits.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let mut digest = Digest::default();
    digest.add(bytes);
    digest.finish()
}

/// The same with the name of its kind before it: `sha256:…`.
pub fn named_sha256(bytes: impl AsRef<[u8]>) -> String {
    format!("sha256:{}", sha256(bytes))
}

/// Of bytes that come in parts.
#[derive(Debug, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Takes the next part.
    pub fn add(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes);
    }

    /// 64 digits.
    pub fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same with the name of its kind before it: `sha256:…`.
    pub fn finish_named(self) -> String {
        format!("sha256:{}", self.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, sha256};

    #[test]
    fn parts_make_the_same_digest_as_the_whole() {
        let mut digest = Digest::default();
        digest.add("ab");
        digest.add("c");
        assert_eq!(digest.finish(), sha256("abc"));
        assert!(sha256("abc").starts_with("ba7816bf8f01cfea414140de5dae2223"));
    }
}
