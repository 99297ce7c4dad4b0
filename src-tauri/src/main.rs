//! The binary `vigil`. On Linux it is a few kilobytes that start `vigil-desktop`, which lies beside it, in the environment that it needs:
//! `vigil-desktop` would have to start itself again, and to load its two hundred libraries twice takes a tenth of a start.

#[cfg(target_os = "linux")]
#[path = "process/environment.rs"]
mod environment;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    use std::io::Write as _;
    let failed = match std::env::current_exe() {
        Ok(own) => environment::replace_by(&own.with_file_name("vigil-desktop")),
        Err(error) => error,
    };
    // Where nothing can be written to, the exit code alone says it.
    let _ = writeln!(
        std::io::stderr(),
        "error: vigil-desktop, which belongs beside this program, could not be started ({failed}); install Vigil again"
    );
    std::process::ExitCode::FAILURE
}

#[cfg(not(target_os = "linux"))]
include!("desktop.rs");
