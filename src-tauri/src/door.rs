//! The one window of a data folder, and the socket through which it is reached: `vigil lock` locks it, and a second start
//! brings it to the front. Nothing else can be asked, and only by the same user.
//!
//! Lock file and socket lie in the user's runtime folder (`$XDG_RUNTIME_DIR/vigil`, mode 0700), which the system makes anew
//! at each sign-in and which others cannot enter. The operating system lets go of the lock when the program ends, however.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

/// What can be asked of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    /// Lock the screen.
    Lock,
    /// Come to the front.
    Show,
}

impl Word {
    const fn text(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Show => "show",
        }
    }
}

/// Nobody is waited for any longer than this.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a window answers when it has done it.
const DONE: &str = "done";

/// Held as long as the window is open.
pub(crate) struct Door {
    listener: UnixListener,
    _lock: File,
}

/// How the start of a window ended.
pub(crate) enum Start {
    /// It is the only one; without a door where there is no runtime folder.
    First(Option<Door>),
    /// There is one already, and it came to the front.
    AlreadyOpen,
}

/// Takes the place of the one window of this data folder.
///
/// # Errors
/// When another window holds it and does not answer.
pub(crate) fn take(data: &Path) -> anyhow::Result<Start> {
    let folder = match folder() {
        Ok(folder) => folder,
        Err(error) => {
            tracing::warn!(%error, "`vigil lock` cannot reach this window, and a second one is not noticed");
            return Ok(Start::First(None));
        }
    };
    let name = folder.join(name_of(data));
    let socket = name.with_extension("sock");
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(name.with_extension("lock"))
        .with_context(|| format!("{} cannot be used", folder.display()))?;
    let until = Instant::now() + PATIENCE;
    loop {
        match lock.try_lock() {
            Ok(()) => break,
            Err(TryLockError::Error(error)) => return Err(error).context("the window's lock file cannot be locked"),
            Err(TryLockError::WouldBlock) => {}
        }
        match ask(&socket, Word::Show) {
            Ok(()) => return Ok(Start::AlreadyOpen),
            // One that is just closing, or opening, answers nothing.
            Err(_) if Instant::now() < until => thread::sleep(Duration::from_millis(50)),
            Err(error) => {
                return Err(error).context("Vigil is open on this data folder and does not answer; end it first");
            }
        }
    }
    // Whoever holds the lock owns the socket: one that is there was left behind.
    match fs::remove_file(&socket) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).context("an old socket stays"),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(&socket).with_context(|| format!("{} cannot be made", socket.display()))?;
    fs::set_permissions(&socket, fs::Permissions::from_mode(0o600))?;
    Ok(Start::First(Some(Door { listener, _lock: lock })))
}

impl Door {
    /// Does what is asked, one after the other, for as long as the program runs; `obey` says whether it was done.
    pub(crate) fn serve(self, obey: impl Fn(Word) -> bool + Send + 'static) -> io::Result<()> {
        thread::Builder::new().name("door".to_owned()).spawn(move || {
            // The whole of it goes along: a lock that is dropped here would let a second window in.
            let door = self;
            for stream in door.listener.incoming() {
                if let Err(error) = stream.and_then(|stream| answer(stream, &obey)) {
                    tracing::debug!(%error, "somebody at the door was not understood");
                }
            }
        })?;
        Ok(())
    }
}

fn answer(mut stream: UnixStream, obey: &impl Fn(Word) -> bool) -> io::Result<()> {
    // The folder keeps others out; this also keeps out whoever was handed the socket.
    let peer = rustix::net::sockopt::socket_peercred(&stream)?;
    if peer.uid != rustix::process::geteuid() {
        return Err(io::Error::other("another user"));
    }
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut asked = String::new();
    (&stream).take(16).read_to_string(&mut asked)?;
    let word = [Word::Lock, Word::Show].into_iter().find(|word| word.text() == asked.trim());
    let word = word.ok_or_else(|| io::Error::other("not a word that a window knows"))?;
    if obey(word) { stream.write_all(DONE.as_bytes()) } else { Ok(()) }
}

/// Locks every open window of this user; how many there were.
///
/// # Errors
/// When there is none, or one does not answer: it may still show something.
pub(crate) fn lock_all() -> anyhow::Result<usize> {
    let folder = folder()?;
    let mut locked = 0;
    let mut silent = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "sock") {
            continue;
        }
        match ask(&path, Word::Lock) {
            Ok(()) => locked += 1,
            // Left behind by a window that ended.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
            Err(error) => silent.push(error.to_string()),
        }
    }
    if !silent.is_empty() {
        bail!("{} window(s) did not answer ({}); {locked} are locked", silent.len(), silent.join(", "));
    }
    ensure!(locked > 0, "no window of Vigil is open for this user");
    Ok(locked)
}

fn ask(socket: &Path, word: Word) -> io::Result<()> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(word.text().as_bytes())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut said = String::new();
    stream.take(16).read_to_string(&mut said)?;
    if said == DONE { Ok(()) } else { Err(io::Error::other("it was not done")) }
}

/// The folder, made if it is not there; it has to be this user's and closed to others.
fn folder() -> anyhow::Result<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = runtime.context("there is no runtime folder (XDG_RUNTIME_DIR)")?.join("vigil");
    match DirBuilder::new().mode(0o700).create(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(error).with_context(|| format!("{} cannot be made", folder.display()));
        }
        Ok(()) | Err(_) => {}
    }
    let about = fs::symlink_metadata(&folder)?;
    let closed = about.is_dir() && about.mode() & 0o077 == 0 && about.uid() == rustix::process::geteuid().as_raw();
    ensure!(closed, "{} is not this user's alone", folder.display());
    Ok(folder)
}

/// One name for one data folder, whatever way leads there.
fn name_of(data: &Path) -> String {
    let place = data.canonicalize().unwrap_or_else(|_| data.to_owned());
    let mut hasher = DefaultHasher::new();
    place.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_does_what_it_is_asked_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("x.sock");
        let lock = File::create(folder.path().join("x.lock")).unwrap();
        lock.try_lock().unwrap();
        let door = Door { listener: UnixListener::bind(&socket).unwrap(), _lock: lock };
        let (say, heard) = std::sync::mpsc::channel();
        door.serve(move |word| say.send(word).is_ok()).unwrap();
        let another = File::open(folder.path().join("x.lock")).unwrap();
        assert!(matches!(another.try_lock(), Err(TryLockError::WouldBlock)), "the place stays taken");
        ask(&socket, Word::Lock).unwrap();
        assert_eq!(heard.recv().unwrap(), Word::Lock, "it was done before it answered");
        for noise in ["unlock", "", "lock; show me a chart and the rest of the ward"] {
            let mut stream = UnixStream::connect(&socket).unwrap();
            // It may hang up before all is said.
            let _ = stream.write_all(noise.as_bytes());
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let mut said = String::new();
            let _ = stream.read_to_string(&mut said);
            assert_eq!(said, "", "{noise:?} is no word");
        }
        ask(&socket, Word::Show).unwrap();
        assert_eq!(heard.try_recv().unwrap(), Word::Show, "and it goes on listening");
        assert!(heard.try_recv().is_err(), "what was not understood did nothing");
    }

    #[test]
    fn one_data_folder_has_one_name_and_two_have_two() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        fs::create_dir_all(&one).unwrap();
        assert_eq!(name_of(&one), name_of(&folder.path().join("one/../one")), "another way to the same place");
        assert_ne!(name_of(&one), name_of(&two));
    }
}
