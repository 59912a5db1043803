//! The reference page `docs/manifest.md`, made from the field tables.

use super::{Section, fields};
use crate::yaml::{Field, Wanted};
use std::fmt::Write;

const OPENING: &str = "\
# The manifest

`aether.yaml` says which machines and software stacks a project needs. This page lists every key there is; it is made from
the tables the reader itself uses. `aether schema` prints the same as a JSON Schema: put this line at the top of the file
and an editor completes keys and marks mistakes.

```yaml
# yaml-language-server: $schema=./aether.schema.json
```

Text that looks like a number is quoted: `python: \"3.10\"`, since YAML reads `3.10` as 3.1. Keys that are not listed are
refused, so that a mistyped one is never passed over.
";

const PROFILES: &str = "
## Profiles

`aether --profile production plan` lays `aether.production.yaml` over the manifest: mappings are merged key by key, every
other value replaces the one below it, and `null` removes it.

```yaml
hosts:
  lab:
    addresses: [gpu7.example.com]    # instead of the addresses in aether.yaml
    user: null                       # as if it had never been written
```
";

const VARIABLES: &str = "
A value is used as `${name}`; a text that is nothing else takes the value with its type, any other text takes it as text.
`$${` stands for the two characters `${`. A flag (`--var name=value`) wins over a file (`--var-file`), a file over the
environment (`AETHER_VAR_NAME`), the environment over the default. Defaults may refer to other variables; values from
outside are taken as they are.
";

const MIRRORS: &str = "
A mirror decides where things come from, never what they are: the lock pins hashes and names no place, so it stays the same
when a mirror comes, goes or moves. Credentials do not belong in a URL; `uv` and `pip` read them from `~/.netrc` here and on
the hosts. Hosts install their system's own packages from the archives that their system is configured for. Without any
network at all, see [air-gapped](air-gapped.md).
";

/// The page, with the keys of these providers.
pub fn reference(sections: &[Section]) -> String {
    let mut page = OPENING.to_owned();
    table(&mut page, "The file", fields::MANIFEST);
    table(&mut page, "`environments.<name>`", fields::ENVIRONMENT);
    table(&mut page, "`hosts.<name>`", fields::HOST_GROUP);
    table(&mut page, "`clusters.<name>`", fields::CLUSTER);
    for section in sections {
        let title = format!("With `provider: {}`\n\n{}.", section.provider, capitalized(section.about));
        table(&mut page, &title, section.fields);
    }
    table(&mut page, "`variables.<name>`", fields::VARIABLE);
    page.push_str(VARIABLES);
    table(&mut page, "`mirrors`", fields::MIRRORS);
    page + MIRRORS + PROFILES
}

fn table(page: &mut String, title: &str, fields: &[Field]) {
    let _ = write!(page, "\n## {title}\n\n");
    if fields.is_empty() {
        page.push_str("No keys of its own.\n");
        return;
    }
    page.push_str("| key | takes | |\n|---|---|---|\n");
    for field in fields {
        let must = if field.is_required { " **required**;" } else { "" };
        let _ = writeln!(page, "| `{}` | {} |{must} {} |", field.name, takes(field.wanted), escaped(field.about));
    }
}

fn takes(wanted: Wanted) -> String {
    match wanted {
        Wanted::Version => "a version, in quotes".to_owned(),
        other => escaped(&other.noun()),
    }
}

fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(char::to_uppercase).into_iter().flatten().chain(characters).collect()
}
