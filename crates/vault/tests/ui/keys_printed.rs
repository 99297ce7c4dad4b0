//! Keys cannot be printed or copied.
use vigil_vault::UserKeys;

fn leak(keys: &UserKeys) -> UserKeys {
    println!("{keys:?}");
    keys.clone()
}

fn main() {
    let _ = leak;
}
