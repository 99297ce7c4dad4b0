//! The tables. Clear columns hold ids, types, times and counts; everything else is sealed.

use rusqlite::Connection;

/// Every layout, oldest first, each as the step from the one before it. **Append only**: installations hold each of them.
/// A step only adds, so that a program of the version before can be told from a damaged file by its number alone.
#[rustfmt::skip]
const LAYOUTS: &[&str] = &[
    LAYOUT_1,
    LAYOUT_2,
    EMERGENCY_ACCESS,
    SECOND_FACTOR,
    SIGN_IN_FAILURE_SINCE_BOOT,
    KEY_VERSIONS,
    PATIENT_DESTRUCTION,
    AUDIT_ACCESS,
    EMERGENCY_ESCALATION,
    HISTORY_BY_PATIENT,
    RESOURCE_DESTRUCTION,
    AFFILIATION,
    WORKLIST,
    EMERGENCY_ACCOUNT,
    SUSPENSION,
    FLEET,
    DIRECTORY_TEAM,
    RESOURCE_VERSION,
    NOTE,
    AMENDMENT_REQUEST,
    TERMINOLOGY,
    PREFERENCE,
    SUSPENSION_BY_SERVER,
];

/// The newest layout that this program knows (`PRAGMA user_version`).
pub(crate) const NEWEST: u32 = LAYOUTS.len() as u32;

/// The layout in which users' public keys carry an authentication code. Databases before it are vouched for as they are
/// when they come to it.
pub(crate) const VOUCHED_FROM: u32 = 6;

/// The layout in which it is vouched for who a user is in the charts and in which teams. In databases before it nobody is.
pub(crate) const AFFILIATED_FROM: u32 = 12;

/// Brings a database from layout `found` to the newest; 0 is an empty one. Run within a transaction: a crash leaves the
/// layout that was there.
pub(crate) fn migrate(connection: &Connection, found: u32) -> rusqlite::Result<()> {
    for step in LAYOUTS.iter().skip(found as usize) {
        connection.execute_batch(step)?;
    }
    connection.pragma_update(None, "user_version", NEWEST)
}

/// A resource's row number is `patient << 32 | type << 22 | running number`: a rowid table clustered by patient and type.
/// A WITHOUT ROWID table would push every resource of more than about 1,000 bytes onto overflow pages of its own.
const LAYOUT_1: &str = "
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    last_sign_in INTEGER,
    public_key BLOB NOT NULL,
    private_key BLOB NOT NULL,
    emergency_public_key BLOB NOT NULL,
    emergency_private_key BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_slot (
    user TEXT PRIMARY KEY REFERENCES user (id),
    memory_kib INTEGER NOT NULL,
    passes INTEGER NOT NULL,
    lanes INTEGER NOT NULL,
    salt BLOB NOT NULL,
    session BLOB NOT NULL,
    emergency BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_in_failure (
    name BLOB PRIMARY KEY,
    count INTEGER NOT NULL,
    last INTEGER NOT NULL,
    refused_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE group_key (
    id TEXT PRIMARY KEY,
    public_key BLOB,
    public_mac BLOB,
    held BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_grant (
    user TEXT NOT NULL REFERENCES user (id),
    key TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (user, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE patient (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    restricted INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 0,
    demographics BLOB
) STRICT;

CREATE TABLE wrapping_key (
    id INTEGER PRIMARY KEY,
    recipient TEXT NOT NULL REFERENCES group_key (id),
    sealed BLOB NOT NULL
) STRICT;

CREATE TABLE patient_key (
    patient INTEGER NOT NULL REFERENCES patient (number),
    version INTEGER NOT NULL,
    recipient TEXT NOT NULL REFERENCES group_key (id),
    wrapping INTEGER NOT NULL REFERENCES wrapping_key (id),
    sealed BLOB NOT NULL,
    PRIMARY KEY (patient, version, recipient)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource_type (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE resource_count (
    patient INTEGER NOT NULL,
    type INTEGER NOT NULL REFERENCES resource_type (number),
    count INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (patient, type)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
    row INTEGER PRIMARY KEY,
    type INTEGER NOT NULL REFERENCES resource_type (number),
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    sort TEXT NOT NULL,
    digest BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX resource_by_id ON resource (type, id);

CREATE TABLE resource_history (
    type INTEGER NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    patient INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (type, id, version)
) STRICT;

CREATE TABLE identifier (
    token BLOB NOT NULL,
    type INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (token, type, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entry (
    seq INTEGER PRIMARY KEY,
    event BLOB NOT NULL,
    hashes BLOB NOT NULL,
    detail BLOB
) STRICT;

CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL,
    mac BLOB NOT NULL
) STRICT;

CREATE TABLE audit_checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT;

CREATE TABLE audit_index (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL) STRICT;
CREATE TABLE audit_patient (patient INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (patient, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE audit_opened (
    user TEXT NOT NULL,
    patient TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (user, patient)
) STRICT, WITHOUT ROWID;
";

/// The organisation recovery key (its public half, and the authority key sealed to it) and users with a reset password.
const LAYOUT_2: &str = "
CREATE TABLE recovery_key (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    public_key BLOB NOT NULL,
    authority BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;
CREATE TABLE password_reset (user TEXT PRIMARY KEY REFERENCES user (id), at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// One row for each emergency access: an index over the audit log, where its justification, its end and its review lie
/// sealed beside their entries.
const EMERGENCY_ACCESS: &str = "
CREATE TABLE emergency_access (
    id INTEGER PRIMARY KEY,
    user TEXT NOT NULL REFERENCES user (id),
    patient INTEGER NOT NULL REFERENCES patient (number),
    reason TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    start_entry INTEGER NOT NULL,
    ended_at INTEGER,
    end_entry INTEGER,
    reviewer TEXT REFERENCES user (id),
    reviewed_at INTEGER,
    verdict TEXT,
    review_entry INTEGER
) STRICT;
";

/// Second factors. `last_step` is the last half-minute whose code was accepted: none up to it is accepted again, whatever
/// the clock says. Numbers are never reused: seals are bound to them.
const SECOND_FACTOR: &str = "
CREATE TABLE user_factor (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL REFERENCES user (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used INTEGER,
    last_step INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE INDEX user_factor_by_user ON user_factor (user);
CREATE TABLE recovery_code (
    user TEXT NOT NULL REFERENCES user (id),
    code BLOB NOT NULL,
    PRIMARY KEY (user, code)
) STRICT, WITHOUT ROWID;
";

/// When a sign-in failed by the clock that nobody can set: the boot, and milliseconds since it.
const SIGN_IN_FAILURE_SINCE_BOOT: &str = "
ALTER TABLE sign_in_failure ADD COLUMN boot TEXT;
ALTER TABLE sign_in_failure ADD COLUMN since_boot INTEGER;
";

/// Versions of keys: which one seals, since when, and what became of the former ones. `key_epoch` counts the changes, so
/// that every session notices them; `key_rotation` holds how far one has come that takes longer than one transaction.
const KEY_VERSIONS: &str = "
ALTER TABLE group_key ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE group_key ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_grant ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE user ADD COLUMN vouched BLOB;
ALTER TABLE user_slot ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE wrapping_key ADD COLUMN recipient_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE patient ADD COLUMN directory_version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE patient_key ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE identifier ADD COLUMN directory_version INTEGER NOT NULL DEFAULT 1;

CREATE TABLE former_key (
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    replaced_at INTEGER NOT NULL,
    destroyed_at INTEGER,
    sealed BLOB,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE device_key (id TEXT PRIMARY KEY, version INTEGER NOT NULL, made_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE key_epoch (one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL) STRICT;

CREATE TABLE key_rotation (
    kind TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    step TEXT NOT NULL,
    cursor BLOB NOT NULL,
    done INTEGER NOT NULL,
    started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_key (seq INTEGER PRIMARY KEY) STRICT;

INSERT INTO key_epoch VALUES (1, 1);
UPDATE group_key SET made_at = coalesce((SELECT min(created_at) FROM user), 0);
INSERT INTO group_key (id, held, made_at)
    SELECT 'authority', x'', coalesce((SELECT min(created_at) FROM user), 0) WHERE EXISTS (SELECT 1 FROM group_key);
UPDATE user_slot SET made_at = (SELECT created_at FROM user WHERE id = user_slot.user);
INSERT INTO device_key
    SELECT 'database', 1, min(created_at) FROM user HAVING count(*) > 0
    UNION ALL SELECT 'signing', 1, min(created_at) FROM user HAVING count(*) > 0;
";

/// Requests to destroy a patient's keys, and what became of them. They name users and patients by id and refer to no row of
/// theirs: an older copy into which one is taken over may know neither.
const PATIENT_DESTRUCTION: &str = "
ALTER TABLE patient ADD COLUMN destroyed_at INTEGER;
CREATE TABLE patient_destruction (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    patient TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    request_entry INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    decided_by TEXT,
    decided_at INTEGER,
    destroyed_at INTEGER,
    scrubbed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX patient_destruction_by_patient ON patient_destruction (patient, state);
";

/// The audit log as numbers, for reports (`table/access_report.rs`). It fills itself from the log: at the first checkpoint of
/// an installation that had none.
const AUDIT_ACCESS: &str = "
CREATE TABLE audit_word (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE audit_access (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user INTEGER NOT NULL,
    role INTEGER NOT NULL,
    interaction INTEGER NOT NULL,
    section INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    patient INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_access_by_user ON audit_access (user, at);
";

/// When the workstation put on record that an emergency access went unreviewed for too long.
const EMERGENCY_ESCALATION: &str = "
ALTER TABLE emergency_access ADD COLUMN escalated_at INTEGER;
";

/// A patient's former versions are found without looking at everybody's: new keys for all patients did that once for each.
const HISTORY_BY_PATIENT: &str = "
CREATE INDEX resource_history_by_patient ON resource_history (patient, type, id, version);
";

/// One resource can be destroyed by itself: then it is named here, and the record stays.
const RESOURCE_DESTRUCTION: &str = "
ALTER TABLE patient_destruction ADD COLUMN resource_type TEXT;
ALTER TABLE patient_destruction ADD COLUMN resource_id TEXT;
";

/// Who a user is in the charts, and in which teams: FHIR references. `affiliation` vouches for both. `rights_entry` is the
/// audit entry of the last change of what the user may do: an index over the log.
const AFFILIATION: &str = "
ALTER TABLE user ADD COLUMN practitioner TEXT;
ALTER TABLE user ADD COLUMN affiliation BLOB;
ALTER TABLE user ADD COLUMN rights_entry INTEGER;
CREATE TABLE team (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, reference TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE team_member (
    team TEXT NOT NULL REFERENCES team (id),
    user TEXT NOT NULL REFERENCES user (id),
    PRIMARY KEY (team, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX team_member_by_user ON team_member (user, team);
";

/// What puts patients on worklists (`table/worklist.rs`). `patient.worklists`: 0 for patients of whom it may not tell all, for
/// they came before there were any; 1 when it does; -1 when a change of their restriction took some away.
const WORKLIST: &str = "
CREATE TABLE worklist (
    row INTEGER PRIMARY KEY,
    type INTEGER NOT NULL REFERENCES resource_type (number),
    id TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient (number),
    kind INTEGER NOT NULL,
    starts_at INTEGER,
    ends_at INTEGER,
    directory_version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    UNIQUE (type, id)
) STRICT;
CREATE INDEX worklist_by_start ON worklist (kind, starts_at);
CREATE INDEX worklist_by_patient ON worklist (patient);
CREATE TABLE worklist_actor (
    actor TEXT NOT NULL,
    type INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (actor, type, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX worklist_actor_by_resource ON worklist_actor (type, id);
ALTER TABLE patient ADD COLUMN worklists INTEGER NOT NULL DEFAULT 0;
";

/// The emergency account: which user it is, and how it stands.
const EMERGENCY_ACCOUNT: &str = "
CREATE TABLE emergency_account (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    user TEXT NOT NULL REFERENCES user (id),
    sealed_at INTEGER NOT NULL,
    sealed_by TEXT NOT NULL REFERENCES user (id),
    holder_one TEXT NOT NULL,
    holder_two TEXT NOT NULL,
    opened_at INTEGER
) STRICT;
";

/// Accounts that are or were suspended on this workstation, with the numbers that led to it. A lift's reason lies sealed beside
/// its entry.
const SUSPENSION: &str = "
CREATE TABLE suspension (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user TEXT NOT NULL REFERENCES user (id),
    at INTEGER NOT NULL,
    opened INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    usual_patients INTEGER NOT NULL,
    usual_hours INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    lifted_by TEXT REFERENCES user (id),
    lifted_at INTEGER,
    lift_entry INTEGER
) STRICT;
CREATE INDEX suspension_by_user ON suspension (user, lifted_at);
";

/// The server, when it was last heard, its directory, and what waits for it. `outbox` holds sealed entries alone: what is missing there
/// is sealed anew from the log. `audit_head.hlc` is the hybrid time of the newest entry.
const FLEET: &str = "
ALTER TABLE audit_head ADD COLUMN hlc INTEGER NOT NULL DEFAULT 0;
CREATE TABLE fleet (one INTEGER PRIMARY KEY CHECK (one = 1), record BLOB NOT NULL, mac BLOB NOT NULL) STRICT;
CREATE TABLE fleet_contact (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL, clock_ahead INTEGER NOT NULL) STRICT;
CREATE TABLE directory (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    version INTEGER NOT NULL,
    note TEXT NOT NULL,
    directory TEXT NOT NULL
) STRICT;
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    key INTEGER NOT NULL,
    encapsulated BLOB NOT NULL,
    nonce INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;
CREATE TABLE outbox_urgent (seq INTEGER PRIMARY KEY) STRICT;
CREATE TABLE outbox_quarantine (seq INTEGER PRIMARY KEY, why TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE outbox_receipt (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
";

/// Which teams are the server's directory's.
const DIRECTORY_TEAM: &str = "
ALTER TABLE team ADD COLUMN by_server INTEGER NOT NULL DEFAULT 0;
";

/// Which audit entry wrote a version of a resource; that of an import is not in it. Who and when are in the entry.
const RESOURCE_VERSION: &str = "
CREATE TABLE resource_version (
    type INTEGER NOT NULL REFERENCES resource_type (number),
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (type, id, version)
) STRICT, WITHOUT ROWID;
";

/// Notes that are being written, and signed ones that wait for a second signature.
const NOTE: &str = "
CREATE TABLE note_draft (
    id TEXT PRIMARY KEY,
    patient INTEGER NOT NULL REFERENCES patient (number),
    user TEXT NOT NULL REFERENCES user (id),
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE INDEX note_draft_by_user ON note_draft (user);
CREATE INDEX note_draft_by_patient ON note_draft (patient);
CREATE TABLE cosign_request (
    composition TEXT NOT NULL,
    patient INTEGER NOT NULL REFERENCES patient (number),
    kind TEXT NOT NULL,
    user TEXT NOT NULL REFERENCES user (id),
    asked_by TEXT NOT NULL REFERENCES user (id),
    asked_at INTEGER NOT NULL,
    done_at INTEGER,
    PRIMARY KEY (composition, user)
) STRICT, WITHOUT ROWID;
CREATE INDEX cosign_request_by_user ON cosign_request (user);
CREATE INDEX cosign_request_by_patient ON cosign_request (patient);
";

/// Amendments that patients ask for and nobody has decided yet, and by which day that has to be.
const AMENDMENT_REQUEST: &str = "
CREATE TABLE amendment_request (
    task TEXT PRIMARY KEY,
    patient INTEGER NOT NULL REFERENCES patient (number),
    due TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX amendment_request_by_patient ON amendment_request (patient);
";

/// Suspensions that the server's directory says: their number there, and the incident that they belong to.
const SUSPENSION_BY_SERVER: &str = "
ALTER TABLE suspension ADD COLUMN server INTEGER;
ALTER TABLE suspension ADD COLUMN incident INTEGER;
";

/// Which release of each code system was imported. Its concepts lie in a file beside the database: they are nobody's health.
const TERMINOLOGY: &str = "
CREATE TABLE terminology (
    system TEXT PRIMARY KEY,
    release TEXT NOT NULL,
    source TEXT NOT NULL,
    concepts INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";

/// How each user likes the screen, sealed under a key of their own.
const PREFERENCE: &str = "
CREATE TABLE user_preference (
    user TEXT PRIMARY KEY REFERENCES user (id),
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layouts_that_code_speaks_of_are_those() {
        assert_eq!(LAYOUTS[VOUCHED_FROM as usize - 1], KEY_VERSIONS, "public keys are vouched for");
        assert_eq!(LAYOUTS[AFFILIATED_FROM as usize - 1], AFFILIATION, "practitioners and teams are vouched for");
    }
}
