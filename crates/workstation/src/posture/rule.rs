//! What each fact means. One function for one check.

mod installation;
mod process;
mod storage;
mod system;

pub(super) use installation::{device_key, file_permissions, program, recovery_key};
pub(super) use process::{attaching, core_dumps, memory_lock, process_environment};
pub(super) use storage::{disk_encryption, free_space, swap};
pub(super) use system::{operating_system, screen_lock, system_clock};
