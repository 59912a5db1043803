//! `ssh`: a shell on a host, through the user's own OpenSSH client, which knows terminals better than we do.

use super::{Failure, Input, hosts, load};
use crate::graph::Way;
use crate::ports::{Invocation, World};

/// Opens the shell; its exit status.
pub fn ssh(world: &World, input: &Input, name: &str) -> Result<i32, Failure> {
    let loaded = load(world, input)?;
    let host = hosts::one(&loaded.graph, name)?;
    Ok(world.programs.attach(&invocation(&host.target.way))?)
}

fn invocation(way: &Way) -> Invocation {
    let Way::Ssh { host, user, port, identity_file, jump } = way else {
        return Invocation { program: "sh".to_owned(), arguments: vec!["-i".to_owned()], ..Invocation::default() };
    };
    let options = [
        ("-l", user.clone()),
        ("-p", port.map(|port| port.to_string())),
        ("-i", identity_file.clone()),
        ("-J", jump.clone()),
    ];
    let given = options.into_iter().filter_map(|(flag, value)| Some([flag.to_owned(), value?]));
    // `--` keeps an address that begins with a dash from becoming an option.
    let arguments = given.flatten().chain(["--".to_owned(), host.clone()]).collect();
    Invocation { program: "ssh".to_owned(), arguments, ..Invocation::default() }
}
