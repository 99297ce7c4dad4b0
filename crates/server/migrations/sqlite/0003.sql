-- What belongs to an incident is whole.

-- The count of the rule when somebody was told last: what is added without it tells nobody.
ALTER TABLE incident ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
UPDATE incident SET told = COALESCE(json_extract(figures, '$.count'), 0);
