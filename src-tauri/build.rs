//! Lists the commands to Tauri's access control: what is not listed is denied, and what is listed still needs the grant
//! in `capabilities/main.json`.

/// One name a line; `bindings` tests that the commands of the program are these and no others.
const COMMANDS: &str = include_str!("commands.txt");

fn main() {
    println!("cargo:rerun-if-changed=commands.txt");
    let commands: &'static [&'static str] = Vec::leak(COMMANDS.lines().collect());
    let attributes = tauri_build::Attributes::new().app_manifest(tauri_build::AppManifest::new().commands(commands));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
