//! The project's own commands.

mod hospital;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((word, rest)) if word == "hospital" => hospital::command(rest),
        _ => anyhow::bail!("xtask: say what to do: hospital"),
    }
}
