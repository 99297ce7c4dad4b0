//! Keys cannot be printed or copied.
use vigil_vault::UserKeys;

pub fn leak(keys: &UserKeys) -> UserKeys {
    println!("{keys:?}"); //~ E0277 `UserKeys` doesn't implement `Debug`
    keys.clone() //~ E0308 mismatched types
}
