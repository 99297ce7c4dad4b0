//! Input counts where the window system delivers it, not where a page claims it: a script, a timer or a video is no input.

use tauri::WebviewWindow;

use crate::commands::Handle;

/// Tells the workstation of every key, button, motion, wheel and touch that the window system delivers.
#[cfg(target_os = "linux")]
pub(crate) fn watch(window: &WebviewWindow, handle: Handle) -> tauri::Result<()> {
    use gtk::gdk::EventType;
    use gtk::glib::Propagation;
    use gtk::prelude::WidgetExt;
    window.with_webview(move |webview| {
        webview.inner().connect_event(move |_, event| {
            let is_input = matches!(
                event.event_type(),
                EventType::KeyPress
                    | EventType::ButtonPress
                    | EventType::MotionNotify
                    | EventType::Scroll
                    | EventType::TouchBegin
                    | EventType::TouchUpdate
            );
            if is_input && let Some(workstation) = handle.opened() {
                workstation.input();
            }
            Propagation::Proceed
        });
    })
}

/// Where input cannot be watched yet, nothing counts as input: the screen locks after 15 minutes whatever is typed.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_window: &WebviewWindow, _handle: Handle) -> tauri::Result<()> {
    tracing::warn!("input is not watched on this system: the screen locks 15 minutes after each unlock");
    Ok(())
}
