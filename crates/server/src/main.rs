//! The binary `vigil-server`.

fn main() -> std::process::ExitCode {
    vigil_server::cli::run()
}
