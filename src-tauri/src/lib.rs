//! The desktop shell: a window, commands that only forward, and signals of the operating system. No rule of the house is
//! decided here.

mod activity;
pub mod bindings;
mod cli;
mod clipboard;
mod clock;
mod commands;
mod doctor;
#[cfg(target_os = "linux")]
mod door;
mod events;
mod lock_signals;
mod options;
mod page;
mod platform;
mod process;
mod renderer;
mod window;

use std::process::ExitCode;

use clap::Parser;

/// What `vigil` does, from its arguments to its exit code.
pub fn run() -> ExitCode {
    let options = options::Options::parse();
    tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr).init();
    // Before anything is loaded, read or asked; `vigil` has seen to it already, unless this was started without it.
    #[cfg(target_os = "linux")]
    if !process::has_its_environment() {
        let failed = std::env::current_exe().map_or_else(|error| error, |own| process::environment::replace_by(&own));
        cli::complain(
            &anyhow::Error::new(failed).context("the program could not start itself again in a clean environment"),
        );
        return ExitCode::FAILURE;
    }
    process::harden(options.open_to_others());
    let done = match &options.command {
        None => window::open(&options),
        Some(command) => cli::run(&options, command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => match error.downcast_ref::<doctor::Found>() {
            Some(found) => found.code(),
            None => {
                cli::complain(&error);
                ExitCode::FAILURE
            }
        },
    }
}
