//! What one offline guess of a password costs with the parameters that every installation uses: the table in docs/security.md.
//!
//! `unlock` with an unknown name does the work of a wrong guess. A thief runs the same work, with folder and device root in hand.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement, not the program")]

use std::sync::Arc;
use std::time::Instant;

use vigil_model::{Moment, Sensitive};
use vigil_vault::{Environment, KdfCost, Setup, SoftwareCustodian, Vault};

const GUESSES: usize = 20;
const SECONDS_OF_A_YEAR: f64 = 365.25 * 24.0 * 3600.0;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let custodian = Arc::new(SoftwareCustodian::at(&folder.path().join("root")));
    let setup = Setup { organization: String::new(), environment: Environment::Demo, kdf: KdfCost::STANDARD };
    let at = Moment { utc: chrono::DateTime::UNIX_EPOCH, since_boot: std::time::Duration::ZERO };
    let vault = Vault::create(&folder.path().join("data"), custodian, &setup, at).unwrap();
    let guess = Sensitive::new("not the password".to_owned());
    let mut seconds: Vec<f64> = (0..GUESSES)
        .map(|_| {
            let started = Instant::now();
            assert!(vault.unlock("nobody", &guess).is_err(), "nobody has a slot");
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    // The quickest: whatever else the machine did made the others slower.
    let quickest = seconds.first().copied().unwrap();
    let median = seconds.get(GUESSES / 2).copied().unwrap();
    println!(
        "one guess: {:.0} ms at best, {:.0} ms median; {:.1} a second on one core",
        quickest * 1e3,
        median * 1e3,
        1.0 / quickest
    );
    for (class, bits) in CLASSES {
        // On average half of them are tried.
        let years = 2_f64.powf(bits - 1.0) * quickest / SECONDS_OF_A_YEAR;
        println!("| {class} | {bits:.0} | {:.1e} | {:.1e} |", years, years / 1000.0);
    }
}

/// Classes of passwords and the base-2 logarithm of how many there are.
const CLASSES: [(&str, f64); 5] = [
    ("one of a list of 10 million leaked passwords", 23.25),
    ("12 random lower-case letters", 56.4),
    ("4 random words of a list of 7,776", 51.7),
    ("5 random words of that list", 64.6),
    ("12 random letters, digits and signs (94)", 78.65),
];
