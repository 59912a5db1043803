//! The functions a host program is made of (`library/*.sh`). A program carries only those it calls, so each stands
//! alone, in the form `name() {` … `}` at the start of a line, with its comment above.
//!
//! Words of one task in them: `state` is how the item at hand ended so far, `reason` why, `rc` an exit status, `ran` is
//! 1 when the values of a result are known, 0 when there are none, empty when they are not known yet. `mode` is 1 when
//! the program applies, `apply` the same for the task at hand, `around` the function that exports its `environment`.
//! Descriptor 3 takes the events.

use std::collections::{BTreeMap, BTreeSet};

const LIBRARY: &str = concat!(
    include_str!("library/tasks.sh"),
    "\n",
    include_str!("library/results.sh"),
    "\n",
    include_str!("library/commands.sh"),
    "\n",
    include_str!("library/attributes.sh"),
    "\n",
    include_str!("library/files.sh"),
    "\n",
    include_str!("library/download.sh"),
    "\n",
    include_str!("library/apt.sh"),
    "\n",
    include_str!("library/sources.sh"),
    "\n",
    include_str!("library/dnf.sh"),
    "\n",
    include_str!("library/system.sh"),
    "\n",
    include_str!("library/accounts.sh"),
    "\n",
    include_str!("library/restart.sh"),
    "\n",
    include_str!("library/run.sh"),
);

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
