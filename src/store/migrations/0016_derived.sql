-- What rows say of direction, inbox and people follows from the rules of the program and from who is of the team. Each pair of these that
-- rows were derived by is an edition, and each row says which. What an earlier one made is behind, and is derived again in portions. Rows
-- from before this are of the first: an upgrade alone derives nothing again.
CREATE TABLE edition (
    number INTEGER PRIMARY KEY,
    -- The version of the rules.
    rules  INTEGER NOT NULL,
    -- A hash of what decides of the team.
    team   INTEGER NOT NULL
) STRICT;
ALTER TABLE message ADD COLUMN derived INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_derived ON message (derived, arrived);

CREATE INDEX record_team ON record (kind, account, seq) WHERE kind = 'team';
CREATE INDEX lost_location_message ON lost_location (message);
