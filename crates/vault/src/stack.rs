//! What finished calls left on the stack.

/// More than the deepest use case takes: reading a chart, measured by filling the stack, takes less than a quarter of it.
const DEPTH: usize = 256 * 1024;

/// Overwrites the part of this thread's stack that the calls before it used: a value that was moved or returned stays behind there, also
/// that of a type which wipes itself when dropped. A thread that helped does so before it ends: its stack is kept for the next one.
#[inline(never)]
pub fn wipe() {
    let mut used = [0_u8; DEPTH];
    std::hint::black_box(&mut used);
}
