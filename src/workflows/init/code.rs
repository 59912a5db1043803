//! Which frameworks a Python file imports. Reads lines, not the language: a wrong guess is only a wrong default.

use crate::stack::Framework;
use std::collections::BTreeSet;

/// The frameworks imported anywhere in the text of a file.
pub(super) fn imports(text: &str) -> BTreeSet<Framework> {
    text.lines().flat_map(modules).filter_map(framework).collect()
}

/// The modules a line imports: `import a.b as c, d` gives `a` and `d`, `from a.b import c` gives `a`.
fn modules(line: &str) -> Vec<&str> {
    let line = line.trim();
    if let Some(list) = line.strip_prefix("import ") {
        list.split(',').map(first_name).collect()
    } else {
        line.strip_prefix("from ").map(first_name).into_iter().collect()
    }
}

fn first_name(path: &str) -> &str {
    path.trim_start().split(['.', ' ']).next().unwrap_or_default()
}

fn framework(module: &str) -> Option<Framework> {
    Framework::ALL.into_iter().find(|framework| framework.import_name() == module)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Framework]) {
        assert_eq!(imports(text).into_iter().collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn every_form_of_an_import_is_seen() {
        check("import torch", &[Framework::Pytorch]);
        check("    from torch.nn import functional as F", &[Framework::Pytorch]);
        check("import numpy as np, tensorflow as tf", &[Framework::Tensorflow]);
        check("from sklearn import svm\nimport jax.numpy as jnp", &[Framework::Jax, Framework::ScikitLearn]);
    }

    #[test]
    fn what_only_looks_like_one_is_not() {
        for text in ["import torchvision", "# import torch", "importtorch", "from . import torch", "import", "from "] {
            check(text, &[]);
        }
    }
}
