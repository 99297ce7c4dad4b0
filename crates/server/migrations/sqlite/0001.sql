-- Times are microseconds since 1970 (UTC). Ids of people, sessions and devices are their UUIDs in hyphenated form.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One row for each log: the server's own, and one for each key that signs a workstation's checkpoints.
CREATE TABLE audit_log (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- C2SP vkey; empty for the server's own log, whose checkpoints the witness key cosigns.
    verifier_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL,
    mac BLOB NOT NULL,
    -- ok | forked
    state TEXT NOT NULL,
    -- The newest cosigned checkpoint and its size.
    checkpoint TEXT,
    checkpoint_size INTEGER NOT NULL,
    -- How much of it another server's witness has cosigned.
    witnessed_size INTEGER NOT NULL
) STRICT;

-- The last cosigned checkpoint of each day.
CREATE TABLE audit_checkpoint (
    log INTEGER NOT NULL REFERENCES audit_log (key),
    day INTEGER NOT NULL,
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, day)
) STRICT;

CREATE TABLE audit_event (
    log INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    received INTEGER NOT NULL,
    type TEXT NOT NULL,
    subtype TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome INTEGER NOT NULL,
    interaction TEXT NOT NULL,
    purpose TEXT NOT NULL,
    agent TEXT NOT NULL,
    user_id TEXT,
    role TEXT,
    session TEXT,
    patient TEXT,
    section TEXT,
    reason TEXT,
    address TEXT,
    -- The canonical bytes; none of an entry that the workstation keeps in quarantine.
    event BLOB,
    -- What the Merkle tree completed with this entry.
    hashes BLOB NOT NULL,
    -- What lies beside the entry: the patients behind `listed`, and the sealed detail.
    beside BLOB,
    PRIMARY KEY (log, seq)
) STRICT;
CREATE INDEX audit_event_at ON audit_event (at, log, seq);
CREATE INDEX audit_event_user ON audit_event (user_id, at) WHERE user_id IS NOT NULL;

-- Every patient that an entry names, its own and those of a list.
CREATE TABLE audit_event_patient (
    patient TEXT NOT NULL,
    at INTEGER NOT NULL,
    log INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (patient, at, log, seq)
) STRICT, WITHOUT ROWID;

-- The hashes of entries that retention let go.
CREATE TABLE audit_leaf (
    log INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

-- Months that retention let go, and the archive that they lie in.
CREATE TABLE archive (
    month TEXT PRIMARY KEY,
    made INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;

-- Entries that came out of turn.
CREATE TABLE early_alert (
    log INTEGER NOT NULL REFERENCES audit_log (key),
    seq INTEGER NOT NULL,
    received INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    event BLOB NOT NULL,
    beside BLOB,
    -- When the same number came in turn.
    settled INTEGER,
    PRIMARY KEY (log, seq)
) STRICT;

CREATE TABLE alarm (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    -- conflict | checkpoint | poison | quarantine | alert-mismatch | unsealed | clock | foreign | ...
    kind TEXT NOT NULL,
    log TEXT,
    seq INTEGER,
    note TEXT NOT NULL
) STRICT;

CREATE INDEX alarm_about ON alarm (kind, log, seq);

CREATE TABLE enrolment_token (
    id TEXT PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    made INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    used INTEGER,
    used_by TEXT
) STRICT;

CREATE TABLE device (
    enrolment TEXT PRIMARY KEY,
    log TEXT NOT NULL REFERENCES audit_log (id),
    verifier_key TEXT NOT NULL,
    host TEXT NOT NULL,
    version TEXT NOT NULL,
    enrolled INTEGER NOT NULL,
    revoked INTEGER,
    last_contact INTEGER,
    -- Seconds that its clock is ahead of the server's.
    clock_ahead INTEGER,
    -- How many entries it said were waiting, and since when.
    queued INTEGER,
    queued_since INTEGER
) STRICT;
CREATE INDEX device_log ON device (log);

CREATE TABLE device_certificate (
    -- SHA-256 of the certificate's DER.
    fingerprint BLOB PRIMARY KEY,
    enrolment TEXT NOT NULL REFERENCES device (enrolment),
    serial TEXT NOT NULL,
    issued INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;

CREATE TABLE client (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    scopes TEXT NOT NULL,
    made INTEGER NOT NULL,
    revoked INTEGER
) STRICT;

CREATE TABLE directory_user (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    practitioner TEXT,
    care_groups TEXT NOT NULL,
    break_glass INTEGER NOT NULL
) STRICT;

CREATE TABLE directory_team (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    reference TEXT,
    members TEXT NOT NULL
) STRICT;

-- How a user proves who they are at the first sign-in on a workstation.
CREATE TABLE user_proof (
    user_id TEXT PRIMARY KEY REFERENCES directory_user (id),
    salt BLOB NOT NULL,
    memory INTEGER NOT NULL,
    passes INTEGER NOT NULL,
    lanes INTEGER NOT NULL,
    hash BLOB NOT NULL,
    due INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;

-- The server's own keys; the private half is wrapped by the custodian of the master key.
CREATE TABLE server_key (
    -- witness | directory | seal | authority | ...
    purpose TEXT NOT NULL,
    id INTEGER NOT NULL,
    public BLOB NOT NULL,
    wrapped BLOB NOT NULL,
    made INTEGER NOT NULL,
    retired INTEGER,
    PRIMARY KEY (purpose, id)
) STRICT;

-- Keys of groups, wrapped; each of the workstation that handed it in.
CREATE TABLE group_key (
    log TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    public BLOB,
    wrapped BLOB NOT NULL,
    made INTEGER NOT NULL,
    PRIMARY KEY (log, name, version)
) STRICT;

-- What may be used once.
CREATE TABLE spent (
    value TEXT PRIMARY KEY,
    expires INTEGER NOT NULL
) STRICT;

-- The newest checkpoint of each log of another server that this one witnesses.
CREATE TABLE witnessed_log (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    root BLOB NOT NULL
) STRICT;
