//! Wheels and index pages that tests build, small and real enough to be read from outside.

use super::web::{Page, Web};
use sha2::{Digest, Sha256};

/// A zip archive with these files, not packed.
pub fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut list) = (Vec::new(), Vec::new());
    let short = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    let long = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    for (path, text) in files {
        let offset = bytes.len();
        let crc = crc32(text.as_bytes()).to_le_bytes();
        let sizes = [long(text.len()), long(text.len())].concat();
        let common = [&[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &crc, &sizes, &short(path.len()), &short(0)].concat();
        bytes.extend([&b"PK\x03\x04"[..], &common, path.as_bytes(), text.as_bytes()].concat());
        let rest = [&[0; 10][..], &long(offset)].concat();
        list.extend([&b"PK\x01\x02\x14\x00"[..], &common, &rest, path.as_bytes()].concat());
    }
    let end = [&short(files.len())[..], &short(files.len()), &long(list.len()), &long(bytes.len()), &short(0)].concat();
    [bytes, list, b"PK\x05\x06\0\0\0\0".to_vec(), end].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// A package index on loopback.
pub struct Index {
    pub web: Web,
}

impl Index {
    pub fn new() -> Self {
        Self { web: Web::new() }
    }

    pub fn url(&self) -> String {
        self.web.url("/simple")
    }

    /// Serves a project whose wheels have these names and all the same metadata.
    pub fn project(&self, name: &str, wheels: &[&str], metadata: &str) {
        let rows: Vec<String> = wheels
            .iter()
            .map(|wheel| format!("{{\"filename\": \"{wheel}\", \"url\": \"../../files/{wheel}\", \"hashes\": {{}}}}"))
            .collect();
        let page = format!(
            "{{\"meta\": {{\"api-version\": \"1.1\"}}, \"name\": \"{name}\", \"files\": [{}]}}",
            rows.join(", ")
        );
        self.web.serve(&format!("/simple/{name}/"), Page::new("application/vnd.pypi.simple.v1+json", page));
        for wheel in wheels {
            self.wheel(wheel, &[(&format!("{name}-1.dist-info/METADATA"), metadata)]);
        }
    }

    /// Serves a wheel with these files.
    pub fn wheel(&self, name: &str, files: &[(&str, &str)]) {
        self.web.serve(&format!("/files/{name}"), Page::new("application/zip", zip(files)));
    }

    /// Serves version 1.0 of a package that `uv` can resolve.
    pub fn package(&self, name: &str, files: &[(&str, &str)]) {
        self.release("/simple", name, "1.0", files);
    }

    /// Serves a release below a folder: a page with digests, metadata beside the wheel, the wheel.
    pub fn release(&self, folder: &str, name: &str, version: &str, files: &[(&str, &str)]) {
        let metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\n");
        let stem = format!("{}-{version}", name.replace('-', "_"));
        let wheel = format!("{stem}-py3-none-any.whl");
        let own = format!("{stem}.dist-info/METADATA");
        let bytes = zip(&[files, &[(own.as_str(), metadata.as_str())]].concat());
        let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let page = format!(
            "{{\"meta\": {{\"api-version\": \"1.1\"}}, \"name\": \"{name}\", \"files\": [{{\"filename\": \"{wheel}\", \
             \"url\": \"/files/{wheel}\", \"hashes\": {{\"sha256\": \"{digest}\"}}, \"core-metadata\": true}}]}}"
        );
        self.web.serve(&format!("{folder}/{name}/"), Page::new("application/vnd.pypi.simple.v1+json", page));
        self.web.serve(&format!("/files/{wheel}.metadata"), Page::new("text/plain", metadata));
        self.web.serve(&format!("/files/{wheel}"), Page::new("application/zip", bytes));
    }
}
