-- Notes that somebody was typing and has not put down: one for each agent and place.
CREATE TABLE note_draft (
    actor    TEXT NOT NULL,
    -- A conversation, the note that is edited, or what the screen calls the marked ones.
    place    TEXT NOT NULL,
    text     TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (actor, place)
) STRICT, WITHOUT ROWID;
