//! `aether completions` and `aether man`: pages made from the arguments themselves.

use super::{Context, Ending};
use crate::cli::args::Arguments;
use crate::cli::failure::Exit;
use crate::cli::views::{CompletionsView, ManView};
use clap::{Command, CommandFactory};
use std::path::Path;

pub(super) fn completions(context: &Context<'_>, shell: clap_complete::Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "aether", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    context.display.show(&CompletionsView { shell: shell.to_string(), script });
    Exit::Done
}

pub(super) fn man(context: &Context<'_>, folder: &Path) -> Ending {
    let world = context.world()?;
    let mut command = Arguments::command();
    command.build();
    let pages = std::iter::once(&command).chain(command.get_subcommands().filter(|verb| verb.get_name() != "help"));
    let mut written = Vec::new();
    for page in pages {
        let (name, bytes) = render(page);
        world.files.write(&folder.join(&name), &bytes)?;
        written.push(name);
    }
    context.display.show(&ManView { folder: folder.display().to_string(), pages: written });
    Ok(Exit::Done)
}

fn render(command: &Command) -> (String, Vec<u8>) {
    let page = clap_mangen::Man::new(command.clone());
    let mut bytes = Vec::new();
    page.render(&mut bytes).expect("writing to memory does not fail");
    (page.get_filename(), bytes)
}
