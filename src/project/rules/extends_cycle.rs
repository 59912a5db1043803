//! Environments extend each other in a circle.

use super::World;
use crate::diagnostic::{Diagnostic, Diagnostics, code};
use crate::manifest::Environment;
use std::collections::{HashMap, HashSet};

/// The rule: each circle is reported once, at the member that stands first in the manifest.
pub(super) fn check(world: &World<'_>, diagnostics: &mut Diagnostics) {
    let by_name: HashMap<&str, &Environment> =
        world.manifest.environments.iter().map(|e| (e.name.value.as_str(), e)).collect();
    let mut settled = HashSet::new();
    for start in &world.manifest.environments {
        let mut path: Vec<&Environment> = Vec::new();
        let mut on_path = HashMap::new();
        let mut next = Some(start);
        while let Some(environment) = next.filter(|e| !settled.contains(e.name.value.as_str())) {
            if let Some(&first) = on_path.get(environment.name.value.as_str()) {
                diagnostics.push(problem(&path[first..]));
                break;
            }
            on_path.insert(environment.name.value.as_str(), path.len());
            path.push(environment);
            next = environment.extends.as_ref().and_then(|parent| by_name.get(parent.value.as_str()).copied());
        }
        settled.extend(path.iter().map(|e| e.name.value.as_str()));
    }
}

fn problem(circle: &[&Environment]) -> Diagnostic {
    let first = circle[0];
    let span = first.extends.as_ref().map_or(&first.name.span, |parent| &parent.span);
    let names = circle.iter().chain([&first]).map(|e| format!("`{}`", e.name.value)).collect::<Vec<_>>();
    Diagnostic::error(&code::EXTENDS_CYCLE, span, format!("environment `{}` extends itself", first.name.value))
        .why(names.join(" extends "))
        .fix("remove one `extends` of the circle")
}
