//! The window `main`: opened once, told of changes, and emptied when the screen locks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::Context;
use tauri::{AppHandle, Manager, RunEvent, WebviewUrl, WebviewWindowBuilder};
use tauri_specta::Event as _;
use vigil_workstation::view::Stage;
use vigil_workstation::{AppError, Event, ManagedPolicy, Workstation};

use crate::commands::Handle;
use crate::commands::recovery::Chooser;
#[cfg(target_os = "linux")]
use crate::door;
use crate::events::{BackupProgressed, ImportProgressed, LockWarning, SessionChanged, SyncChanged};
use crate::options::Options;
use crate::{activity, bindings, cli, clipboard, lock_signals, page, renderer};

/// How often the time is looked at. A use case looks as well.
const TICK: Duration = Duration::from_secs(1);

/// Whether the window is closing: who starts the program now waits for its end and gets a window of their own.
static CLOSING: AtomicBool = AtomicBool::new(false);

/// Opens the window and stays until it is closed.
///
/// The vault opens meanwhile on a thread of its own, which then keeps the time: web view and custodian are waited for side by side.
pub(crate) fn open(options: &Options) -> anyhow::Result<()> {
    renderer::choose();
    let shown: Arc<OnceLock<AppHandle>> = Arc::default();
    let told = Arc::clone(&shown);
    #[cfg(target_os = "linux")]
    let door = match door::take(&options.data()?)? {
        door::Start::First(door) => door,
        door::Start::AlreadyOpen => return Ok(()),
    };
    let kept = options.clone();
    let handle = Handle::new(move || {
        let told = Arc::clone(&told);
        cli::setup(&kept, Box::new(move |event| told.get().into_iter().for_each(|app| tell(app, &event))))
    });
    #[cfg(target_os = "linux")]
    watch_from_outside(options, door, &handle, &shown)?;
    let opening = handle.clone();
    std::thread::Builder::new()
        .name("vault".to_owned())
        .spawn(move || {
            // Whatever happens in here, the commands that wait get an answer.
            let opened = catch_unwind(AssertUnwindSafe(|| opening.setup().and_then(Workstation::open)));
            if let Some(workstation) = opening.set(opened.unwrap_or_else(|_| Err(AppError::stopped()))) {
                keep_time(&workstation);
            }
        })
        .context("the vault could not be opened beside the window")?;
    lock_signals::watch(&handle);
    let clock = cli::clock(options);
    let watched = handle.clone();
    let bindings = bindings::builder();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bindings.invoke_handler())
        .manage(handle)
        .manage(Chooser::of(options))
        .setup(move |app| {
            renderer::keep_from_children();
            bindings.mount_events(app);
            let window = window(app)?;
            activity::watch(&window, watched)?;
            clipboard::watch(clock);
            // Only this closure sets it, once.
            let _ = shown.set(app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window could not be made; is there a display?")?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            CLOSING.store(true, Ordering::SeqCst);
            forget_copies(app);
            close(app);
        }
    });
    Ok(())
}

/// What reaches this window from outside the desktop: a card that is taken out, `vigil lock`, and a second start.
#[cfg(target_os = "linux")]
fn watch_from_outside(
    options: &Options,
    door: Option<door::Door>,
    handle: &Handle,
    shown: &Arc<OnceLock<AppHandle>>,
) -> anyhow::Result<()> {
    // A policy that cannot be used is said where the workstation does not open.
    if let Some(reader) = cli::policy(options).ok().as_ref().and_then(ManagedPolicy::card_that_locks) {
        lock_signals::card::watch(handle, reader);
    }
    let Some(door) = door else { return Ok(()) };
    let (handle, shown) = (handle.clone(), Arc::clone(shown));
    let obey = move |word| match word {
        door::Word::Lock => {
            lock_signals::lock(&handle);
            true
        }
        door::Word::Show => !CLOSING.load(Ordering::SeqCst) && shown.get().is_some_and(to_the_front),
    };
    door.serve(obey).context("the window cannot be reached by `vigil lock`")
}

#[cfg(target_os = "linux")]
fn to_the_front(app: &AppHandle) -> bool {
    let window = app.get_webview_window("main");
    window.is_some_and(|window| window.unminimize().and(window.show()).and(window.set_focus()).is_ok())
}

fn window(app: &tauri::App) -> tauri::Result<tauri::WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Vigil")
        .inner_size(1280.0, 800.0)
        .min_inner_size(640.0, 480.0)
        .content_protected(true);
    // Nothing of the web view may reach the disk. WebKitGTK lets a test drive only a context that is not ephemeral; a
    // release build has no such exception.
    #[cfg(debug_assertions)]
    let ephemeral = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_none();
    #[cfg(not(debug_assertions))]
    let ephemeral = true;
    window.incognito(ephemeral).build()
}

/// The same on a thread of its own, for a workstation that was recovered.
pub(crate) fn keep_time_beside(workstation: Arc<Workstation>) {
    let started = std::thread::Builder::new().name("vault".to_owned()).spawn(move || keep_time(&workstation));
    if let Err(error) = started {
        // Every use case looks at the time as well.
        tracing::error!(%error, "nobody keeps the time beside the use cases");
    }
}

fn keep_time(workstation: &Arc<Workstation>) {
    if let Err(error) = workstation.sync_start() {
        // Nothing is lost: entries wait for the next start.
        tracing::error!(code = ?error.code, "the central server is not called");
    }
    loop {
        std::thread::sleep(TICK);
        workstation.tick();
    }
}

/// Tells the page; when the screen locks, the page is thrown away, and with it everything that it showed.
fn tell(app: &AppHandle, event: &Event) {
    let told = match event {
        Event::SessionChanged(session) => {
            let emptied = match session.stage {
                Stage::Locked | Stage::SignedOut => {
                    forget_copies(app);
                    app.get_webview_window("main").map_or(Ok(()), |window| page::throw_away(&window))
                }
                Stage::FirstStart | Stage::FactorAsked | Stage::FactorEnrolment | Stage::Unlocked => Ok(()),
            };
            let sized = enlarge(app, session.preferences.zoom_percent);
            SessionChanged((**session).clone()).emit(app).and(emptied).and(sized)
        }
        Event::LockWarning(seconds_left) => LockWarning { seconds_left: *seconds_left }.emit(app),
        Event::ImportProgressed(progress) => ImportProgressed(progress.clone()).emit(app),
        Event::BackupProgressed(progress) => BackupProgressed(progress.clone()).emit(app),
        Event::SyncChanged(sync) => SyncChanged((**sync).clone()).emit(app),
    };
    if told.is_err() {
        tracing::error!("the window could not be told of a change");
    }
}

/// Shows everything in the window larger or smaller. It is this user's choice, also on the lock page.
fn enlarge(app: &AppHandle, percent: u16) -> tauri::Result<()> {
    app.get_webview_window("main").map_or(Ok(()), |window| window.set_zoom(f64::from(percent) / 100.0))
}

fn forget_copies(app: &AppHandle) {
    if let Err(error) = clipboard::clear(app) {
        tracing::error!(%error, "what was copied could not be cleared");
    }
}

fn close(app: &AppHandle) {
    if let Some(workstation) = app.state::<Handle>().opened()
        && let Err(error) = workstation.close()
    {
        tracing::error!(code = ?error.code, "the end of the session is not on record");
    }
}
