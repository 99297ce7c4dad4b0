//! The project's own commands. `cargo xtask` alone says which there are.
#![allow(clippy::print_stdout, reason = "a command for people talks to their terminal")]

mod auditors;
mod bench;
mod central_server;
mod dast;
mod demo;
mod hospital;
mod package;
mod project;
mod screen;
mod step;
mod supply;
mod system;
mod test;
mod torture;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  demo       build everything, make a demo hospital and open the window;
             without a display: drive the window under Xvfb and save a picture of each step in target/demo
  test       everything that CI runs
  package    build the deb, install it, start it from its installed place, remove it (the last three as root);
             --development packs the development build, which takes seconds
  bench      figures beside their floors in the same run: import, chart, append, search, report, decision, drain, of the server
             intake, verify, connections, of the window start, window;
             without a name all
  torture    kill the vault while it writes, changes keys, backs up and migrates, and look what is left: [KILLS] [SEED]
  dast       attack a running server with schemathesis, wapiti and sslscan: [SEED]; reports in target/dast/reports
  bindings   write the TypeScript types of the commands anew: ui/src/api/bindings.ts
  auditors   make the tools of other people that judge in tests what leaves the house: the audit log, FHIR resources
  supply     hold the crates of others against deny.toml: licences, sources, bans, known flaws
  hospital   write the demo hospital as FHIR files: --out DIR [--patients N] [--seed S] [--today YYYY-MM-DD]
  system     install the Debian packages that all of this needs";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        println!("{USAGE}");
        return ExitCode::from(2);
    };
    let done = match command.as_str() {
        "demo" => demo::run(rest),
        "test" => test::run(rest),
        "package" => package::run(rest),
        "auditors" => auditors::install(),
        "supply" => supply::check(),
        "bench" => bench::run(rest),
        "dast" => dast::run(rest),
        "torture" => torture::run(rest),
        "bindings" => project::write_bindings(),
        "hospital" => hospital::command(rest),
        "system" => system::install(system::Need::Everything),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        other => {
            eprintln!("there is no command `{other}`\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ncargo xtask {command} failed: {error:#}");
            ExitCode::FAILURE
        }
    }
}
