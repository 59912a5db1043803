//! The names of host groups in generated files: one rule, because Terraform calls Ansible with them.

/// Words that Ansible keeps for itself.
const TAKEN: [&str; 3] = ["all", "localhost", "ungrouped"];

/// A host group's name as an identifier: a dash is not allowed in Ansible, a leading digit in neither.
pub(super) fn group_name(name: &str) -> String {
    let name = name.replace('-', "_");
    let is_free = !TAKEN.contains(&name.as_str()) && !name.starts_with(|first: char| first.is_ascii_digit());
    if is_free { name } else { format!("group_{name}") }
}

#[cfg(test)]
mod tests {
    use super::group_name;

    #[test]
    fn a_group_keeps_its_name_where_it_can() {
        let named = ["lab", "big-machines", "all", "8gpus"].map(group_name);
        assert_eq!(named, ["lab", "big_machines", "group_all", "group_8gpus"]);
    }
}
