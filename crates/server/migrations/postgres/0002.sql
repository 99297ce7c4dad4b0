-- Rules over the stream of entries, what they found, and what was done about it.

-- Versions of the rules (TOML). The one with the greatest `active` decides.
CREATE TABLE rule_set (
    version BIGINT PRIMARY KEY,
    rules TEXT NOT NULL,
    made BIGINT NOT NULL,
    -- Since when it has decided; NULL: it was kept and never did.
    active BIGINT
);

-- One row: which process reads the stream until when, and what the rules remember with how far they have read (JSON). What they find is
-- kept once for each episode, so that reading a part of the stream again after a crash finds nothing twice.
CREATE TABLE detection_state (
    id BIGINT PRIMARY KEY,
    holder TEXT NOT NULL,
    holds_until BIGINT NOT NULL,
    state BYTEA
);

INSERT INTO detection_state (id, holder, holds_until) VALUES (1, '', 0);

CREATE TABLE incident (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    episode TEXT NOT NULL UNIQUE,
    rule TEXT NOT NULL,
    rules_version BIGINT NOT NULL,
    -- 0 low | 1 medium | 2 high | 3 critical
    severity BIGINT NOT NULL,
    -- user | workstation | patient | server
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    opened BIGINT NOT NULL,
    -- The time of the newest event.
    newest BIGINT NOT NULL,
    -- How many events the rule counted; those that are linked may be fewer.
    events BIGINT NOT NULL,
    -- JSON: count, limit, usual, window_seconds.
    figures TEXT NOT NULL,
    -- open | acknowledged | closed
    state TEXT NOT NULL,
    -- To which level it was escalated, and when.
    level BIGINT NOT NULL,
    escalated BIGINT NOT NULL,
    acknowledged BIGINT,
    assigned TEXT,
    closed BIGINT,
    finding TEXT
);
CREATE INDEX incident_state ON incident (state, opened);
CREATE INDEX incident_subject ON incident (subject, rule);

CREATE TABLE incident_event (
    incident BIGINT NOT NULL REFERENCES incident (id),
    log TEXT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (incident, log, seq)
);

CREATE TABLE incident_patient (
    incident BIGINT NOT NULL REFERENCES incident (id),
    patient TEXT NOT NULL,
    PRIMARY KEY (incident, patient)
);

-- What was done about an incident. Words are sealed: who works on a case writes about people.
CREATE TABLE incident_step (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident BIGINT NOT NULL REFERENCES incident (id),
    at BIGINT NOT NULL,
    -- NULL: the server or its operator.
    by_user TEXT,
    what TEXT NOT NULL,
    words BYTEA
);
CREATE INDEX incident_step_of ON incident_step (incident, id);

-- The assessments of 45 CFR 164.402 (2), every version: the newest counts.
CREATE TABLE breach_assessment (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident BIGINT NOT NULL REFERENCES incident (id),
    at BIGINT NOT NULL,
    by_user TEXT,
    breach BIGINT NOT NULL,
    -- YYYY-MM-DD
    discovered TEXT NOT NULL,
    -- JSON of the four factors, sealed.
    factors BYTEA NOT NULL
);
CREATE INDEX breach_assessment_of ON breach_assessment (incident, id);

-- Accounts that are suspended on every workstation.
CREATE TABLE account_suspension (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id TEXT NOT NULL,
    incident BIGINT NOT NULL REFERENCES incident (id),
    at BIGINT NOT NULL,
    lifted BIGINT,
    lifted_by TEXT
);
CREATE UNIQUE INDEX account_suspension_of ON account_suspension (user_id) WHERE lifted IS NULL;

-- What is to be sent, and what was. The id goes with the message: whoever gets one twice can tell.
CREATE TABLE delivery (
    id TEXT PRIMARY KEY,
    incident BIGINT NOT NULL REFERENCES incident (id),
    channel TEXT NOT NULL,
    -- raised | escalated | acknowledged | closed
    event TEXT NOT NULL,
    level BIGINT NOT NULL,
    made BIGINT NOT NULL,
    -- waiting | delivered | failed
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    -- When it is tried next; a process that tries it moves this ahead, so that no other does.
    next BIGINT NOT NULL,
    ended BIGINT,
    receipt TEXT,
    error TEXT
);
CREATE INDEX delivery_next ON delivery (next) WHERE state = 'waiting';
CREATE INDEX delivery_of ON delivery (incident);

-- Tokens of the desk, by the hash of each.
CREATE TABLE desk_session (
    token_hash BYTEA PRIMARY KEY,
    user_id TEXT NOT NULL,
    enrolment TEXT NOT NULL,
    session TEXT NOT NULL,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

-- What it last said of its own posture.
ALTER TABLE device ADD COLUMN posture TEXT;
