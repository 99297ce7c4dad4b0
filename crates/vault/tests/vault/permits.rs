//! What must not compile.

#[test]
fn a_permit_is_neither_forged_nor_used_twice() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}
