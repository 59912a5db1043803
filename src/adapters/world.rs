//! The real world, put together as a front asked for it.

use super::ssh::{Settings, SshDialer};
use super::{ByWay, Disk, LocalDialer, StateFile, SystemClock, SystemPrograms, Terminal, WebClient};
use crate::ports::{Clouds, Interrupt, PackageSettings, Prompt, Setup, World};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Exit code of a run that the second Ctrl-C ends.
const INTERRUPTED: i32 = 130;

/// Makes the real world.
pub fn world(setup: &Setup) -> io::Result<World> {
    let root = std::path::absolute(setup.directory.as_deref().unwrap_or(Path::new(".")))?;
    let root = root.canonicalize()?;
    if !root.is_dir() {
        return Err(io::ErrorKind::NotADirectory.into());
    }
    let prompt: Arc<dyn Prompt> = Arc::new(Terminal::new());
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let ssh = SshDialer::new(Settings::new(home, setup.host_keys), Arc::clone(&prompt));
    let interrupt = Interrupt::new();
    listen(&interrupt)?;
    Ok(World {
        files: Arc::new(Disk::new(&root)),
        large: Arc::new(Disk::new(&root)),
        programs: Arc::new(SystemPrograms::new(&root)),
        http: Arc::new(WebClient::new()),
        dialer: Arc::new(ByWay::new(LocalDialer::new(Arc::clone(&prompt), root.join(".aether/host.lock")), ssh)),
        clouds: clouds(),
        store: Arc::new(StateFile::new(root.join(".aether/state"))),
        prompt,
        clock: Arc::new(SystemClock),
        progress: Arc::clone(&setup.progress),
        interrupt,
        package_settings: package_settings(),
        variables: variables(),
        owner: owner(),
        fresh_name: fresh_name()?,
    })
}

/// The clouds that were built in. Nothing is asked of any before a workflow does.
fn clouds() -> Clouds {
    Clouds::from([
        #[cfg(feature = "aws")]
        (super::aws::NAME.to_owned(), Arc::new(super::aws::Aws::default()) as Arc<dyn crate::ports::Cloud>),
    ])
}

/// The first signal sets the flag, the second ends the process with a last line; the journal makes both safe.
#[expect(clippy::exit, reason = "who asks twice does not want to wait")]
fn listen(interrupt: &Interrupt) -> io::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        flag::register(signal, interrupt.flag())?;
    }
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        if signals.forever().nth(1).is_some() {
            // Whoever reads standard error may be gone; the exit code says it as well.
            let _ = writeln!(io::stderr(), "{}", Interrupt::LAST_WORDS);
            std::process::exit(INTERRUPTED);
        }
    });
    Ok(())
}

fn variables() -> Vec<(String, String)> {
    let own = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.to_str()?.strip_prefix("AETHER_VAR_")?.to_owned();
        Some((name, value.to_string_lossy().into_owned()))
    });
    let mut variables: Vec<_> = own.collect();
    variables.sort();
    variables
}

/// What uv and pip would read, in their order: variables, then the user's files, then the machine's.
fn package_settings() -> PackageSettings {
    let names = ["UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL"];
    let set = |name: &str| Some((name.to_owned(), std::env::var(name).ok()?));
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let configuration = std::env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from);
    let files = [
        std::env::var_os("PIP_CONFIG_FILE").map(PathBuf::from),
        Some(configuration.join("uv/uv.toml")),
        Some(configuration.join("pip/pip.conf")),
        Some(home.join(".pip/pip.conf")),
        Some("/etc/uv/uv.toml".into()),
        Some("/etc/pip.conf".into()),
    ];
    let texts = files.into_iter().flatten().filter_map(|file| std::fs::read_to_string(file).ok());
    PackageSettings { variables: names.into_iter().filter_map(set).collect(), configurations: texts.collect() }
}

fn owner() -> String {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_else(|_| "somebody".to_owned());
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_else(|_| "localhost".to_owned());
    let since = jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC");
    format!("{user}@{} (pid {}, since {since})", machine.trim(), std::process::id())
}

fn fresh_name() -> io::Result<String> {
    Ok(std::fs::read_to_string("/proc/sys/kernel/random/uuid")?.trim().to_owned())
}
