-- Times are microseconds since 1970 (UTC). Ids of people, sessions and devices are their UUIDs in hyphenated form.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row for each log: the server's own, and one for each key that signs a workstation's checkpoints.
CREATE TABLE audit_log (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    -- C2SP vkey; empty for the server's own log, whose checkpoints the witness key cosigns.
    verifier_key TEXT NOT NULL,
    size BIGINT NOT NULL,
    frontier BYTEA NOT NULL,
    mac BYTEA NOT NULL,
    -- ok | forked
    state TEXT NOT NULL,
    -- The newest cosigned checkpoint and its size.
    checkpoint TEXT,
    checkpoint_size BIGINT NOT NULL,
    -- How much of it another server's witness has cosigned.
    witnessed_size BIGINT NOT NULL
);

-- The last cosigned checkpoint of each day.
CREATE TABLE audit_checkpoint (
    log BIGINT NOT NULL REFERENCES audit_log (key),
    day BIGINT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, day)
);

-- Partitions by month of the time of the entry; a month's is made before its first row. What lies far off, by a clock that is wrong,
-- goes to the default partition.
CREATE TABLE audit_event (
    log BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    received BIGINT NOT NULL,
    type TEXT NOT NULL,
    subtype TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome BIGINT NOT NULL,
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
    event BYTEA,
    -- What the Merkle tree completed with this entry.
    hashes BYTEA NOT NULL,
    -- What lies beside the entry: the patients behind `listed`, and the sealed detail.
    beside BYTEA,
    PRIMARY KEY (log, seq, at)
) PARTITION BY RANGE (at);
CREATE TABLE audit_event_other PARTITION OF audit_event DEFAULT;
CREATE INDEX audit_event_at ON audit_event (at, log, seq);
CREATE INDEX audit_event_user ON audit_event (user_id, at) WHERE user_id IS NOT NULL;

-- Every patient that an entry names, its own and those of a list.
CREATE TABLE audit_event_patient (
    patient TEXT NOT NULL,
    at BIGINT NOT NULL,
    log BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (patient, at, log, seq)
) PARTITION BY RANGE (at);
CREATE TABLE audit_event_patient_other PARTITION OF audit_event_patient DEFAULT;

-- The hashes of entries that retention let go.
CREATE TABLE audit_leaf (
    log BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (log, seq)
);

-- Months that retention let go, and the archive that they lie in.
CREATE TABLE archive (
    month TEXT PRIMARY KEY,
    made BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    sha256 TEXT NOT NULL
);

-- Entries that came out of turn.
CREATE TABLE early_alert (
    log BIGINT NOT NULL REFERENCES audit_log (key),
    seq BIGINT NOT NULL,
    received BIGINT NOT NULL,
    leaf BYTEA NOT NULL,
    event BYTEA NOT NULL,
    beside BYTEA,
    -- When the same number came in turn.
    settled BIGINT,
    PRIMARY KEY (log, seq)
);

CREATE TABLE alarm (
    key BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    -- conflict | checkpoint | poison | quarantine | alert-mismatch | unsealed | clock | foreign | ...
    kind TEXT NOT NULL,
    log TEXT,
    seq BIGINT,
    note TEXT NOT NULL
);

CREATE INDEX alarm_about ON alarm (kind, log, seq);

CREATE TABLE enrolment_token (
    id TEXT PRIMARY KEY,
    secret_hash BYTEA NOT NULL,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT,
    used_by TEXT
);

CREATE TABLE device (
    enrolment TEXT PRIMARY KEY,
    log TEXT NOT NULL REFERENCES audit_log (id),
    verifier_key TEXT NOT NULL,
    host TEXT NOT NULL,
    version TEXT NOT NULL,
    enrolled BIGINT NOT NULL,
    revoked BIGINT,
    last_contact BIGINT,
    -- Seconds that its clock is ahead of the server's.
    clock_ahead BIGINT,
    -- How many entries it said were waiting, and since when.
    queued BIGINT,
    queued_since BIGINT
);
CREATE INDEX device_log ON device (log);

CREATE TABLE device_certificate (
    -- SHA-256 of the certificate's DER.
    fingerprint BYTEA PRIMARY KEY,
    enrolment TEXT NOT NULL REFERENCES device (enrolment),
    serial TEXT NOT NULL,
    issued BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE client (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    scopes TEXT NOT NULL,
    made BIGINT NOT NULL,
    revoked BIGINT
);

CREATE TABLE directory_user (
    id TEXT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    disabled BIGINT NOT NULL,
    practitioner TEXT,
    care_groups TEXT NOT NULL,
    break_glass BIGINT NOT NULL
);

CREATE TABLE directory_team (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    reference TEXT,
    members TEXT NOT NULL
);

-- How a user proves who they are at the first sign-in on a workstation.
CREATE TABLE user_proof (
    user_id TEXT PRIMARY KEY REFERENCES directory_user (id),
    salt BYTEA NOT NULL,
    memory BIGINT NOT NULL,
    passes BIGINT NOT NULL,
    lanes BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    due BIGINT NOT NULL,
    changed BIGINT NOT NULL
);

-- The server's own keys; the private half is wrapped by the custodian of the master key.
CREATE TABLE server_key (
    -- witness | directory | seal | authority | ...
    purpose TEXT NOT NULL,
    id BIGINT NOT NULL,
    public BYTEA NOT NULL,
    wrapped BYTEA NOT NULL,
    made BIGINT NOT NULL,
    retired BIGINT,
    PRIMARY KEY (purpose, id)
);

-- Keys of groups, wrapped; each of the workstation that handed it in.
CREATE TABLE group_key (
    log TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    public BYTEA,
    wrapped BYTEA NOT NULL,
    made BIGINT NOT NULL,
    PRIMARY KEY (log, name, version)
);

-- What may be used once.
CREATE TABLE spent (
    value TEXT PRIMARY KEY,
    expires BIGINT NOT NULL
);

-- The newest checkpoint of each log of another server that this one witnesses.
CREATE TABLE witnessed_log (
    origin TEXT PRIMARY KEY,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL
);
