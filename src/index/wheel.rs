//! The name of a wheel says for which Pythons and systems it is. Knows nothing of what is inside.

use pep440_rs::Version;

/// The parts of a file name such as `torch-2.15.0-cp312-cp312-manylinux_2_28_x86_64.whl`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WheelName {
    /// `torch`, as it is spelled in the name.
    pub project: String,
    /// `2.15.0`; a local part such as `+cu126` stays.
    pub version: Version,
    /// `cp312`, `py3`.
    pub pythons: Vec<String>,
    /// `cp312`, `cp313t`, `abi3`, `none`.
    pub abis: Vec<String>,
    /// `manylinux_2_28_x86_64`.
    pub platforms: Vec<String>,
}

impl WheelName {
    /// Reads a file name; none when it is no wheel's.
    pub fn read(file: &str) -> Option<Self> {
        let parts: Vec<&str> = file.strip_suffix(".whl")?.split('-').collect();
        let (project, version, tags) = match parts[..] {
            [project, version, ref tags @ ..] if tags.len() == 3 || tags.len() == 4 => (project, version, tags),
            _ => return None,
        };
        let several = |text: &str| text.split('.').map(str::to_owned).collect();
        let [pythons, abis, platforms] = tags[tags.len() - 3..] else { return None };
        Some(Self {
            project: project.to_owned(),
            version: version.parse().ok()?,
            pythons: several(pythons),
            abis: several(abis),
            platforms: several(platforms),
        })
    }

    /// The Python lines, as the number after `3.`, that have this very wheel; free-threaded builds are none of them.
    pub fn python_lines(&self) -> Vec<u8> {
        if self.abis.iter().any(|abi| abi.ends_with('t') && abi.starts_with("cp")) {
            return Vec::new();
        }
        let line = |tag: &String| tag.strip_prefix("cp3")?.parse().ok();
        self.pythons.iter().filter_map(line).collect()
    }

    /// Whether it is for Linux on that processor, `x86_64`.
    pub fn is_for_linux(&self, architecture: &str) -> bool {
        self.platforms
            .iter()
            .any(|platform| platform == "any" || (platform.contains("linux") && platform.ends_with(architecture)))
    }

    /// The lowest glibc its tags promise, `2.28`; none when they promise nothing.
    pub fn glibc(&self) -> Option<Version> {
        let promised = self.platforms.iter().filter_map(|platform| {
            let text = if platform.starts_with("manylinux_") {
                let mut numbers = platform.split('_').skip(1);
                format!("{}.{}", numbers.next()?, numbers.next()?)
            } else {
                let named = [("manylinux1_", "2.5"), ("manylinux2010_", "2.12"), ("manylinux2014_", "2.17")];
                named.iter().find(|(name, _)| platform.starts_with(name))?.1.to_owned()
            };
            text.parse::<Version>().ok()
        });
        promised.min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_to_its_tags() {
        let wheel = WheelName::read("torch-2.15.0-cp312-cp312-manylinux_2_28_x86_64.whl").expect("a wheel");
        assert_eq!((wheel.version.to_string(), wheel.python_lines()), ("2.15.0".to_owned(), vec![12]));
        assert!(wheel.is_for_linux("x86_64") && !wheel.is_for_linux("aarch64"));
        assert_eq!(wheel.glibc().map(|glibc| glibc.to_string()), Some("2.28".to_owned()));
        let old = "numpy-2.0.0-1-cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64.whl";
        assert_eq!(
            WheelName::read(old).and_then(|wheel| wheel.glibc()).map(|g| g.to_string()),
            Some("2.17".to_owned())
        );
        let free = WheelName::read("torch-2.15.0-cp314-cp314t-manylinux_2_28_x86_64.whl").expect("a wheel");
        assert!(free.python_lines().is_empty());
        assert!(WheelName::read("six-1.16.0-py2.py3-none-any.whl").expect("a wheel").is_for_linux("aarch64"));
        for name in ["torch-2.15.0.tar.gz", "torch.whl", "torch-x-cp312-cp312-any.whl", "a-b-c-d-e-f-g.whl"] {
            assert_eq!(WheelName::read(name), None, "{name}");
        }
    }
}
