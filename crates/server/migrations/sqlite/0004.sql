-- Gaps of logs are watched.

-- Where a log was asked to go on when it last came from too far ahead, and how often in a row it was asked for the same.
CREATE TABLE log_gap (
    log INTEGER PRIMARY KEY REFERENCES audit_log (key),
    next INTEGER NOT NULL,
    refused INTEGER NOT NULL
) STRICT;
-- What came out of turn and waits for its turn.
CREATE INDEX early_alert_waiting ON early_alert (log, received) WHERE settled IS NULL;
