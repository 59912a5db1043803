//! Picks the functions of `library.sh` that a program calls, so that the others do not travel.

use std::collections::{BTreeMap, BTreeSet};

const LIBRARY: &str = include_str!("library.sh");

/// The functions that `text` calls, and those that these call, in the order of the library.
pub(in crate::playbook) fn needed_functions(text: &str) -> String {
    let functions = functions();
    let mut needed = BTreeSet::new();
    let mut texts = vec![text];
    while let Some(text) = texts.pop() {
        for word in words(text) {
            if let Some((position, body)) = functions.get(word)
                && needed.insert((*position, word))
            {
                texts.push(body);
            }
        }
    }
    needed.iter().map(|(_, name)| format!("{}\n\n", functions[name].1)).collect()
}

/// Name → position and text, with the comment above it.
fn functions() -> BTreeMap<&'static str, (usize, &'static str)> {
    LIBRARY
        .split("\n\n# ")
        .enumerate()
        .filter_map(|(position, block)| {
            let start = block.find("() {")?;
            // The head of the file speaks of `name() {` without being one.
            let name = block[..start].rsplit('\n').next().filter(|name| words(name).eq([*name]))?;
            let body = &block[block[..start].rfind('\n').map_or(0, |line| line + 1)..];
            Some((name, (position, body.trim_end())))
        })
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{functions, needed_functions};

    #[test]
    fn every_function_of_the_library_is_found() {
        let opened =
            super::LIBRARY.lines().filter(|line| line.contains("() {") && !line.starts_with([' ', '#'])).count();
        assert_eq!(functions().len(), opened);
    }

    #[test]
    fn a_function_brings_those_it_calls() {
        let text = needed_functions("directory /opt 755 '' ''");
        assert!(text.contains("make_directory() {") && text.contains("attributes() {"));
        assert!(!text.contains("take_lock() {"));
    }
}
