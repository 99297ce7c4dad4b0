//! The page, and how it is thrown away when the screen locks.

use tauri::WebviewWindow;

/// Whether this build is driven by a test through WebDriver, which a release build never is. A driver cannot use a context that is ephemeral,
/// and it loses its session when the process of the page ends; `tests/tests/memory.rs` tests both without a driver.
pub(crate) fn is_driven() -> bool {
    cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Ends the process that drew the page and lets another one draw it anew: what a page showed stays in its process's memory, and only the end
/// of that process takes it away.
#[cfg(target_os = "linux")]
pub(crate) fn throw_away(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt as _;
    if is_driven() {
        return window.reload();
    }
    window.with_webview(|webview| {
        let view = webview.inner();
        view.terminate_web_process();
        view.reload();
    })
}

/// Loads the page anew; what it showed is freed and not overwritten.
#[cfg(not(target_os = "linux"))]
pub(crate) fn throw_away(window: &WebviewWindow) -> tauri::Result<()> {
    window.reload()
}
