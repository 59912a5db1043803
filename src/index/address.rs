//! Which package index is meant: the one that `uv` and `pip` would ask. Reads settings, asks nobody.

/// The index when nothing says otherwise.
pub const PYPI: &str = "https://pypi.org/simple";

/// Variables that name an index, the most binding first.
const VARIABLES: [&str; 3] = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"];

/// The index that variables of the environment name, else the first that a configuration of `uv` or `pip` names (most
/// binding first), else `PyPI`.
pub fn address<'a>(variables: &[(String, String)], configurations: impl IntoIterator<Item = &'a str>) -> String {
    let of = |name: &str| variables.iter().find(|(known, value)| known == name && !value.trim().is_empty());
    let set = VARIABLES.iter().find_map(|name| of(name)).map(|(_, value)| unnamed(value.trim()));
    let configured = || configurations.into_iter().find_map(configured);
    set.map(str::to_owned).or_else(configured).unwrap_or_else(|| PYPI.to_owned())
}

/// `internal=https://…` names an index; the name is no part of its address.
fn unnamed(value: &str) -> &str {
    match value.split_once('=') {
        Some((name, url)) if name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) => url,
        _ => value,
    }
}

/// `index-url = …` of `pip.conf` and `uv.toml`, with or without quotes.
fn configured(text: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        let is_index = matches!(key.trim(), "index-url" | "index_url");
        is_index.then(|| value.trim().trim_matches('"').to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_bind_more_than_files_and_files_more_than_nothing() {
        let set = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let pip = "[global]\ntimeout = 5\nindex-url = https://mirror/simple\n";
        assert_eq!(address(&[], []), PYPI);
        assert_eq!(address(&[], ["", pip, "index-url = \"https://other\""]), "https://mirror/simple");
        assert_eq!(address(&set("PIP_INDEX_URL", "https://a/simple"), [pip]), "https://a/simple");
        assert_eq!(address(&set("UV_DEFAULT_INDEX", "own=https://b/simple?x=1"), [pip]), "https://b/simple?x=1");
        assert_eq!(address(&set("UV_INDEX_URL", " "), [pip]), "https://mirror/simple");
    }
}
