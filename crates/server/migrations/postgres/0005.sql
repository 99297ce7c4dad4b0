-- Rules are tried before they decide.

-- SHA-256 of the rules that were tried, in hexadecimal; over what, and when last.
CREATE TABLE rule_trial (
    digest TEXT NOT NULL,
    -- recorded | simulated
    months TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (digest, months)
);
