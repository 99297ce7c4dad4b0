-- What belongs to an incident is whole.

-- The count of the rule when somebody was told last: what is added without it tells nobody.
ALTER TABLE incident ADD COLUMN told BIGINT NOT NULL DEFAULT 0;
UPDATE incident SET told = COALESCE((figures::json ->> 'count')::bigint, 0);
