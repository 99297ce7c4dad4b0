//! What the window calls a command with.

use serde::Deserialize;
use specta::datatype::DataType;
use specta::{Type, Types};
use tauri::ipc::{CommandArg, CommandItem, InvokeError};
use tauri::{Manager as _, Runtime};
use vigil_workstation::AppError;

use super::Handle;

/// An argument of a command. Every command takes its arguments in this: one that is malformed is refused with a code, is on record, and is
/// repeated nowhere; what serde says of it would repeat it.
pub(crate) struct Asked<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>, R: Runtime> CommandArg<'de, R> for Asked<T> {
    fn from_command(item: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let (command, message) = (item.name, item.message);
        T::deserialize(item).map(Self).map_err(|_says_what_was_sent| {
            let handle = message.webview_ref().try_state::<Handle>();
            let workstation = handle.and_then(|handle| handle.opened());
            let recorded = workstation.map_or(Ok(()), |workstation| workstation.call_refused(command));
            recorded.err().unwrap_or_else(|| AppError::malformed(command)).into()
        })
    }
}

/// To the screen it is what is in it.
impl<T: Type> Type for Asked<T> {
    fn definition(types: &mut Types) -> DataType {
        T::definition(types)
    }
}
