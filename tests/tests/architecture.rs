//! The arrows between the crates are the ones that the design draws.
#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use vigil_tests::{arrows, data};

#[test]
fn only_the_arrows_of_the_design_exist() {
    let (members, found) = arrows::of_workspace(&data::root().join("Cargo.toml")).unwrap();
    let findings = arrows::findings(&members, &found);
    assert!(findings.is_empty(), "the crates must keep to the design:\n{}", findings.join("\n"));
    for (room, _) in arrows::ALLOWED {
        assert!(members.iter().any(|member| member == room), "{room} is drawn in the design and must be a member");
    }
}
