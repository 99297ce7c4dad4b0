//! The binary `vigil-desktop`: the window, and the command line for people who install and check it. On Linux `vigil` starts it.
#![cfg_attr(all(not(debug_assertions), target_os = "windows"), windows_subsystem = "windows")]

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Every block of the heap is wiped when it is freed: text of a record passes through many hands (JSON, the window, IPC) that wipe nothing
/// themselves. What that costs stands in docs/adr/0008.
#[global_allocator]
static WIPING: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    vigil_shell::run()
}
