//! What the mirrors of the manifest mean to the roles of a host.

use super::HostSection;
use crate::playbook::Entry;
use crate::project::Mirrors;
use serde_json::{Value, json};

/// The section with the places it fetches from, where the manifest names some.
pub(super) fn mirrored(mut section: HostSection, mirrors: &Mirrors) -> HostSection {
    let Entry::Role(role) = &section.entry else { return section };
    let is_removal = section.variables.get(&format!("{role}_state")).is_some_and(|state| state == "absent");
    let places: &[(&str, &Option<String>)] = match role.as_str() {
        "environment" => &[("environment_index", &mirrors.index), ("environment_hub", &mirrors.huggingface)],
        "nvidia_driver" => &[("nvidia_driver_repository", &mirrors.cuda)],
        "cuda_toolkit" => &[("cuda_toolkit_repository", &mirrors.cuda)],
        "container_toolkit" => &[("container_toolkit_repository", &mirrors.container_toolkit)],
        _ => return section,
    };
    for (variable, place) in places {
        if let Some(place) = place.as_ref().filter(|_| !is_removal) {
            section.variables.insert((*variable).to_owned(), json!(place));
        }
    }
    if let Some(Value::String(text)) = section.variables.get_mut("environment_requirements") {
        *text = mirrors.moved(text);
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::{Address, HostAddress};

    fn variables(role: &str, of: Value) -> Value {
        let mirrors = Mirrors {
            index: Some("https://a/simple".to_owned()),
            torch_index: Some("https://a/torch".to_owned()),
            cuda: Some("https://a/cuda".to_owned()),
            container_toolkit: Some("https://a/ct".to_owned()),
            huggingface: Some("https://a/hub".to_owned()),
            registry: None,
        };
        let Value::Object(variables) = of else { panic!("variables are an object") };
        let address = Address::Host(HostAddress::new("lab", "h1"));
        let section = HostSection { address, entry: Entry::Role(role.to_owned()), variables, r#become: true };
        Value::Object(mirrored(section, &mirrors).variables)
    }

    #[test]
    fn each_role_is_told_its_own_mirror() {
        for (role, before, after) in [
            ("nvidia_driver", json!({}), json!({"nvidia_driver_repository": "https://a/cuda"})),
            ("cuda_toolkit", json!({}), json!({"cuda_toolkit_repository": "https://a/cuda"})),
            ("container_toolkit", json!({}), json!({"container_toolkit_repository": "https://a/ct"})),
            ("cuda_toolkit", json!({"cuda_toolkit_state": "absent"}), json!({"cuda_toolkit_state": "absent"})),
            ("base", json!({}), json!({})),
            (
                "environment",
                json!({"environment_requirements": "--extra-index-url https://download.pytorch.org/whl/cu126\n"}),
                json!({
                    "environment_index": "https://a/simple",
                    "environment_hub": "https://a/hub",
                    "environment_requirements": "--extra-index-url https://a/torch/cu126\n",
                }),
            ),
        ] {
            assert_eq!(variables(role, before), after, "{role}");
        }
    }
}
