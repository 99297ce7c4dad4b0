//! The binary `vigil`: the window, and the command line for people who install and check it.
#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    vigil_shell::run()
}
