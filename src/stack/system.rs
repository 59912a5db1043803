//! Names of operating systems, as people write them and as the tables have them.

use super::rows::System;
use super::tables;

/// How people call the families of the tables.
const FAMILIES: &[(&str, &[&str])] = &[
    ("ubuntu", &["ubuntu"]),
    ("debian", &["debian"]),
    ("rhel", &["rhel", "redhat", "rocky", "rockylinux", "alma", "almalinux", "oracle", "oraclelinux", "ol"]),
    ("amzn", &["amzn", "amazon", "amazonlinux", "al"]),
];

impl System {
    /// The row for a name such as `ubuntu-24.04`, `rocky-9.4` or `amazon-linux-2023`: case and separators do not matter, and
    /// outside Ubuntu only the major release does.
    pub fn named(text: &str) -> Option<&'static Self> {
        tables().system(text).or_else(|| Self::as_people_say(text))
    }

    fn as_people_say(text: &str) -> Option<&'static Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let word: String = text[..start].chars().filter(char::is_ascii_alphabetic).collect();
        let word = word.to_ascii_lowercase();
        let (family, _) = FAMILIES.iter().find(|(_, names)| names.contains(&word.as_str()))?;
        let release = if *family == "ubuntu" {
            text[start..].replace('.', "")
        } else {
            text[start..].split('.').next().unwrap_or_default().to_owned()
        };
        tables().system(&format!("{family}{release}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_known_by_the_names_people_give_it() {
        for (text, expected) in [
            ("ubuntu-24.04", "ubuntu-24.04"),
            ("Ubuntu 22.04", "ubuntu-22.04"),
            ("ubuntu2004", "ubuntu-20.04"),
            ("debian-12", "debian-12"),
            ("debian 12.7", "debian-12"),
            ("rocky-9.4", "rhel-9"),
            ("AlmaLinux 8", "rhel-8"),
            ("amazon-linux-2023", "amazon-linux-2023"),
        ] {
            assert_eq!(System::named(text).map(|system| system.name.as_str()), Some(expected), "{text}");
        }
        for text in ["", "ubuntu", "24.04", "fedora-41", "ubuntu-24.10", "debian-9", "windows-11"] {
            assert!(System::named(text).is_none(), "{text}");
        }
    }

    #[test]
    fn every_system_is_known_by_its_own_name() {
        for system in &tables().systems {
            assert_eq!(System::named(&system.name).map(|known| &known.name), Some(&system.name));
        }
    }
}
