//! Answers → the text of `aether.yaml`, with the comments a newcomer needs.

use super::answers::{Answers, Place, Stack};

/// The manifest.
pub(super) fn manifest(answers: &Answers) -> String {
    let environments: String = answers.environments.iter().map(|stack| environment(stack, answers)).collect();
    let names: Vec<_> = answers.environments.iter().map(|stack| stack.name).collect();
    format!(
        "# Which machines and software stacks this project needs. `aether plan` shows what would change,\n\
         # `aether apply` does it; `aether schema` prints every key there is.\n\
         aether: 1\n\
         name: {}\n\
         \n\
         # Software stacks. `aether lock` pins every wheel, with hashes, into aether.lock; commit that too.\n\
         environments:\n\
         {environments}\
         \n\
         # Host groups: where the environments go.\n\
         hosts:\n\
         {}    environments: [{}]\n",
        scalar(&answers.name),
        group(answers),
        names.join(", "),
    )
}

fn environment(stack: &Stack, answers: &Answers) -> String {
    let mut lines = vec![format!("  {}:", stack.name)];
    lines.extend(
        answers.python.map(|line| format!("    python: \"{line}\"  # left out: the newest up to 3.12 that fits")),
    );
    for (framework, version) in &stack.frameworks {
        let about = if version == "*" { "  # any version; or \"2.10\", or \">=2.8,<3\"" } else { "" };
        lines.push(format!("    {}: {}{about}", framework.key(), quoted(version)));
    }
    if answers.packages.is_empty() {
        lines.push("    packages: []  # anything else from the package index: transformers, \"numpy>=2\"".to_owned());
    } else {
        lines.push("    packages:".to_owned());
        lines.extend(answers.packages.iter().map(|package| format!("      - {}", scalar(package))));
    }
    lines.join("\n") + "\n"
}

fn group(answers: &Answers) -> String {
    let mut lines = match &answers.place {
        Place::Here => vec![
            "  here:".to_owned(),
            "    provider: local  # this machine, in a folder of the project, no root".to_owned(),
        ],
        Place::Ssh { addresses, user } => {
            let addresses: Vec<_> = addresses.iter().map(|address| scalar(address)).collect();
            let addresses = format!("    addresses: [{}]", addresses.join(", "));
            let user = user.as_ref().map(|user| format!("    user: {}", scalar(user)));
            let lines = ["  lab:".to_owned(), "    provider: ssh".to_owned(), addresses];
            lines.into_iter().chain(user).collect()
        }
    };
    if let Some(accelerators) = &answers.accelerators {
        lines.push(format!("    accelerators: {}  # GPU and count per host", quoted(accelerators)));
    }
    lines.join("\n") + "\n"
}

/// A text as YAML: bare where no reader could take it for anything else.
pub(super) fn scalar(text: &str) -> String {
    let is_bare = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let is_word = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    if is_bare && !is_word { text.to_owned() } else { quoted(text) }
}

/// A JSON string is a YAML string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
