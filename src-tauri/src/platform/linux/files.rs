//! Who can reach the data folder and who can write the program.

use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use vigil_workstation::posture::Files;

/// So many are named; the rest is counted.
const NAMED: usize = 4;
const STICKY: u32 = 0o1000;

/// The data folder and what lies in it: only its owner, who is the user of Vigil, may reach any of it.
pub(super) fn of_data(data: &Path) -> Option<Files> {
    let me = rustix::process::geteuid().as_raw();
    let mut found = Files::default();
    look(data, me, &mut found)?;
    let mut loose = found.loose.split_off(NAMED.min(found.loose.len()));
    if !loose.is_empty() {
        loose.clear();
        found.loose.push("and more".to_owned());
    }
    Some(found)
}

fn look(path: &Path, me: u32, found: &mut Files) -> Option<()> {
    let about = fs::symlink_metadata(path).ok()?;
    found.looked_at += 1;
    let name = path.display();
    let mode = about.mode() & 0o7777;
    if about.is_symlink() {
        found.loose.push(format!("{name} is a link"));
        return Some(());
    }
    if mode & 0o077 != 0 {
        found.loose.push(format!("{name} is open to others (mode {mode:04o})"));
    }
    if about.uid() != me {
        found.loose.push(format!("{name} belongs to another user (number {})", about.uid()));
    }
    if about.is_dir() {
        for entry in fs::read_dir(path).ok()?.flatten() {
            // A file may go away while it is looked at.
            let _ = look(&entry.path(), me, found);
        }
    }
    Some(())
}

/// The program, what starts it, and every folder above them: only root may write them.
pub(super) fn of_program() -> Option<Files> {
    let program = std::env::current_exe().ok()?;
    let starter = program.with_file_name("vigil");
    let me = rustix::process::geteuid().as_raw();
    let mut found = Files::default();
    for path in std::iter::once(starter.as_path()).chain(program.ancestors()) {
        let about = fs::metadata(path).ok()?;
        found.looked_at += 1;
        judge(&about, path, me, &mut found);
    }
    Some(found)
}

fn judge(about: &Metadata, path: &Path, me: u32, found: &mut Files) {
    let (name, mode) = (path.display(), about.mode());
    // In a sticky folder nobody can replace what belongs to another.
    let others_write = mode & 0o022 != 0 && mode & STICKY == 0;
    match about.uid() {
        _ if others_write => found.loose.push(format!("{name} may be written by others (mode {:04o})", mode & 0o7777)),
        0 => {}
        owner if owner == me => found.own.push(name.to_string()),
        owner => found.loose.push(format!("{name} belongs to another user (number {owner})")),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_file_that_others_reach_and_a_link_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let set = |name: &str, mode| {
            fs::write(folder.path().join(name), "").unwrap();
            fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
        };
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        set("vigil.db", 0o600);
        assert_eq!(of_data(folder.path()).unwrap(), Files { looked_at: 2, ..Files::default() }, "closed");
        set("vigil.db-wal", 0o640);
        symlink("/etc/passwd", folder.path().join("device.json")).unwrap();
        let found = of_data(folder.path()).unwrap();
        assert_eq!(found.loose.len(), 2, "{:?}", found.loose);
        assert!(found.loose.iter().any(|one| one.ends_with("(mode 0640)")), "{:?}", found.loose);
        assert!(found.loose.iter().any(|one| one.ends_with("is a link")), "{:?}", found.loose);
        for number in 0..9 {
            set(&number.to_string(), 0o644);
        }
        assert_eq!(of_data(folder.path()).unwrap().loose.len(), NAMED + 1, "a few are named");
        assert_eq!(of_data(&folder.path().join("absent")), None, "not there yet");
    }

    #[test]
    fn whoever_else_may_write_the_program_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vigil");
        fs::write(&path, "").unwrap();
        let judged = |mode| {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let about = fs::metadata(&path).unwrap();
            let mut found = Files::default();
            judge(&about, &path, about.uid(), &mut found);
            found.loose.len()
        };
        assert_eq!((judged(0o755), judged(0o775), judged(0o757), judged(0o1777)), (0, 1, 1, 0));
    }
}
