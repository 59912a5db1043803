//! `aether completions` and `aether man`: pages made from the arguments themselves.

use super::{Context, Ending};
use crate::cli::args::Arguments;
use crate::cli::failure::Exit;
use clap::{Command, CommandFactory};
use std::path::Path;

pub(super) fn completions(context: &Context<'_>, shell: clap_complete::Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "aether", &mut script);
    context.display.print(&String::from_utf8_lossy(&script));
    Exit::Done
}

pub(super) fn man(context: &Context<'_>, folder: &Path) -> Ending {
    let world = context.world()?;
    let mut command = Arguments::command();
    command.build();
    let pages = std::iter::once(&command).chain(command.get_subcommands().filter(|verb| verb.get_name() != "help"));
    let mut written = 0;
    for page in pages {
        let (name, bytes) = render(page);
        world.files.write(&folder.join(name), &bytes)?;
        written += 1;
    }
    context.display.say(&format!("{written} pages written to `{}`", folder.display()));
    Ok(Exit::Done)
}

fn render(command: &Command) -> (String, Vec<u8>) {
    let page = clap_mangen::Man::new(command.clone());
    let mut bytes = Vec::new();
    page.render(&mut bytes).expect("writing to memory does not fail");
    (page.get_filename(), bytes)
}
