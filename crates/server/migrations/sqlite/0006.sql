-- At which unit a workstation says that it stands.
ALTER TABLE device ADD COLUMN unit TEXT;
