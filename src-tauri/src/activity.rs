//! Input counts where the window system delivers it, not where a page claims it: a script, a timer or a video is no input.

use std::sync::Arc;

use tauri::WebviewWindow;
use vigil_workstation::Workstation;

/// Tells the workstation of every key, button, motion, wheel and touch that the window system delivers.
#[cfg(target_os = "linux")]
pub(crate) fn watch(window: &WebviewWindow, workstation: Arc<Workstation>) -> tauri::Result<()> {
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
            if is_input {
                workstation.input();
            }
            Propagation::Proceed
        });
    })
}

/// Where input cannot be watched yet, nothing counts as input: the screen locks after 15 minutes whatever is typed.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_window: &WebviewWindow, _workstation: Arc<Workstation>) -> tauri::Result<()> {
    tracing::warn!("input is not watched on this system: the screen locks 15 minutes after each unlock");
    Ok(())
}
