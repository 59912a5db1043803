//! One place to log in, as people write it. Does not look anything up.

/// `[user@]host[:port]`, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) user: Option<String>,
    pub(super) host: String,
    pub(super) port: Option<u16>,
}

impl Endpoint {
    /// Takes a text apart, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let (user, place) = match text.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, text),
        };
        let (host, port) = split_port(place)?;
        if user.is_some_and(|user| !is_user(user)) {
            return Err("the user name before `@` is no user name");
        }
        // ssh would take a leading dash for an option.
        if host.is_empty() || host.starts_with('-') || !host.chars().all(is_host_character) {
            return Err("a host is a name or an IP address");
        }
        let port = port.map(parse_port).transpose()?;
        Ok(Self { user: user.map(str::to_owned), host: host.to_owned(), port })
    }

    /// The host's name in its group: usable in addresses, inventories and file names.
    pub(super) fn name(&self) -> String {
        let host = self.host.replace([':', '%'], "-");
        self.port.map_or(host.clone(), |port| format!("{host}-{port}"))
    }
}

/// True for a login name that no program takes for anything else.
pub(super) fn is_user(text: &str) -> bool {
    let is_allowed = |c: char| c.is_alphanumeric() || "._-+\\@$".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(is_allowed)
}

fn is_host_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || ".-_:%".contains(c)
}

fn split_port(place: &str) -> Result<(&str, Option<&str>), &'static str> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("the bracket `[` is not closed")?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if after.is_empty() => Ok((host, None)),
            None => Err("after `]` only `:port` may follow"),
        };
    }
    match place.split_once(':') {
        // More than one colon is a bare IPv6 address.
        Some((_, rest)) if rest.contains(':') => Ok((place, None)),
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((place, None)),
    }
}

fn parse_port(text: &str) -> Result<u16, &'static str> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err("a port is a number from 1 to 65535"),
    }
}
