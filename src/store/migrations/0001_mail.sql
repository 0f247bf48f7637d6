-- Accounts, folders, mail, conversations, the log. Times are milliseconds since 1970 UTC.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    name       TEXT PRIMARY KEY,
    first_sync INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE folder (
    id        INTEGER PRIMARY KEY,
    account   TEXT NOT NULL,
    name      TEXT NOT NULL,
    role      TEXT NOT NULL,
    validity  INTEGER,
    uid_next  INTEGER,
    modseq    INTEGER,
    last_pass INTEGER,
    UNIQUE (account, name)
) STRICT;

-- Where a message stands on the server; several places are usual.
CREATE TABLE location (
    folder  INTEGER NOT NULL,
    uid     INTEGER NOT NULL,
    message INTEGER NOT NULL,
    flags   TEXT NOT NULL DEFAULT '',
    size    INTEGER NOT NULL DEFAULT 0,
    modseq  INTEGER,
    PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX location_message ON location (message);

-- What stood in a folder whose UIDs became void, until the next complete pass.
CREATE TABLE lost_location (
    folder  INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (folder, message)
) STRICT, WITHOUT ROWID;

CREATE TABLE message (
    id           INTEGER PRIMARY KEY,
    message_id   TEXT NOT NULL,
    -- A hash of From, Date and Subject: two different mails can carry one Message-ID.
    variant      INTEGER NOT NULL,
    -- 1 for all but the first that came of one Message-ID.
    twin         INTEGER NOT NULL DEFAULT 0,
    conversation INTEGER NOT NULL,
    arrived      INTEGER NOT NULL,
    -- 0 inbound, 1 outbound.
    direction    INTEGER NOT NULL,
    -- 0 human, 1 automatic, 2 bounce, 3 loop.
    origin       INTEGER NOT NULL,
    history      INTEGER NOT NULL,
    -- 1 once it stands in no folder.
    hidden       INTEGER NOT NULL DEFAULT 0,
    -- 0 whole, 1 headers only, 2 headers only and the body is asked for.
    partial      INTEGER NOT NULL,
    inbox        TEXT NOT NULL,
    -- How the inbox was found: 0 by folder, 1 by address, 2 by default.
    inbox_rank   INTEGER NOT NULL,
    base_subject TEXT NOT NULL,
    is_reply     INTEGER NOT NULL,
    customer     TEXT NOT NULL,
    -- A hash of customer and base subject.
    subject_key  INTEGER,
    attachments  INTEGER NOT NULL,
    snippet      TEXT NOT NULL,
    parent       TEXT,
    why          TEXT NOT NULL DEFAULT '',
    envelope     TEXT NOT NULL
) STRICT;
CREATE INDEX message_conversation ON message (conversation, arrived);
CREATE INDEX message_subject ON message (subject_key, arrived) WHERE subject_key IS NOT NULL;
CREATE INDEX message_twin ON message (message_id) WHERE twin = 1;
CREATE INDEX message_partial ON message (partial, arrived) WHERE partial > 0;

-- The mail itself, apart from what lists read.
CREATE TABLE raw (
    message INTEGER PRIMARY KEY,
    size    INTEGER NOT NULL,
    zstd    BLOB NOT NULL
) STRICT;

-- Every Message-ID that belongs to a conversation, also of mail that is only named by others.
CREATE TABLE member (
    message_id   TEXT PRIMARY KEY,
    conversation INTEGER NOT NULL,
    message      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX member_conversation ON member (conversation);

CREATE TABLE conversation (
    rowid            INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    root             TEXT NOT NULL,
    inbox            TEXT NOT NULL,
    status           INTEGER NOT NULL,
    assignee         TEXT,
    snoozed_until    INTEGER,
    active           INTEGER NOT NULL,
    last_at          INTEGER NOT NULL,
    first_at         INTEGER NOT NULL,
    waiting_since    INTEGER,
    subject          TEXT NOT NULL,
    title            TEXT,
    people           TEXT NOT NULL,
    snippet          TEXT NOT NULL,
    messages         INTEGER NOT NULL,
    notes            INTEGER NOT NULL,
    attachments      INTEGER NOT NULL,
    last_inbound_at  INTEGER,
    last_outbound_at INTEGER
) STRICT;
CREATE INDEX conversation_order ON conversation (last_at, id);
CREATE INDEX conversation_status ON conversation (status, last_at, id);
CREATE INDEX conversation_assignee ON conversation (assignee, active, last_at, id);
CREATE INDEX conversation_inbox ON conversation (inbox, active, last_at, id);
CREATE INDEX conversation_active ON conversation (active, last_at, id);
CREATE INDEX conversation_snoozed ON conversation (last_at, id) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversation_wake ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- The order columns repeat the conversation's, so that the list of a tag is one walk through an index.
CREATE TABLE conversation_tag (
    conversation INTEGER NOT NULL,
    tag          TEXT NOT NULL,
    active       INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    id           TEXT NOT NULL,
    PRIMARY KEY (conversation, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_tag_order ON conversation_tag (tag, active, last_at, id);

CREATE TABLE conversation_follower (
    conversation INTEGER NOT NULL,
    agent        TEXT NOT NULL,
    PRIMARY KEY (conversation, agent)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_follower_agent ON conversation_follower (agent);

CREATE TABLE conversation_mention (
    conversation INTEGER NOT NULL,
    agent        TEXT NOT NULL,
    PRIMARY KEY (conversation, agent)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_mention_agent ON conversation_mention (agent);

-- role: 0 from, 1 to or cc. name is folded for search.
CREATE TABLE conversation_person (
    conversation INTEGER NOT NULL,
    email        TEXT NOT NULL,
    role         INTEGER NOT NULL,
    name         TEXT NOT NULL,
    PRIMARY KEY (conversation, email, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_person_email ON conversation_person (email, role);

CREATE TABLE conversation_lease (
    conversation INTEGER NOT NULL,
    agent        TEXT NOT NULL,
    until        INTEGER NOT NULL,
    PRIMARY KEY (conversation, agent)
) STRICT, WITHOUT ROWID;

-- Conversations with a record that the log does not have.
CREATE TABLE conversation_pending (
    conversation INTEGER PRIMARY KEY
) STRICT;

-- Ids that conversations had before.
CREATE TABLE conversation_alias (
    id         TEXT PRIMARY KEY,
    message_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_alias_message ON conversation_alias (message_id);

-- Conversations that a split keeps apart though their mail refers to each other.
CREATE TABLE family (
    conversation INTEGER PRIMARY KEY,
    family       INTEGER NOT NULL
) STRICT;
CREATE INDEX family_family ON family (family);

CREATE TABLE record (
    seq      INTEGER PRIMARY KEY,
    id       TEXT NOT NULL UNIQUE,
    batch    TEXT,
    actor    TEXT NOT NULL,
    host     TEXT NOT NULL,
    at       INTEGER NOT NULL,
    lamport  INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    -- The record or batch that an undo takes back.
    undoes   TEXT,
    -- The place on the log; NULL until it is there.
    epoch    INTEGER,
    validity INTEGER,
    uid      INTEGER,
    idx      INTEGER,
    -- The order of those not on the log.
    local    INTEGER NOT NULL,
    targets  INTEGER NOT NULL,
    op       TEXT NOT NULL,
    json     TEXT NOT NULL
) STRICT;
CREATE INDEX record_place ON record (epoch, uid, idx) WHERE epoch IS NOT NULL;
CREATE INDEX record_unplaced ON record (local) WHERE epoch IS NULL;
CREATE INDEX record_batch ON record (batch) WHERE batch IS NOT NULL;
CREATE INDEX record_undoes ON record (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX record_actor ON record (actor, seq);
CREATE INDEX record_reply ON record (kind, seq) WHERE kind = 'saved-reply';
CREATE INDEX record_history ON record (kind, seq) WHERE kind = 'history-before';

CREATE TABLE target (
    message_id TEXT NOT NULL,
    record     INTEGER NOT NULL,
    -- as_of and expect, as JSON.
    seen       TEXT,
    PRIMARY KEY (message_id, record)
) STRICT, WITHOUT ROWID;

-- Messages that merge and split records name.
CREATE TABLE repair (
    message_id TEXT NOT NULL,
    record     INTEGER NOT NULL,
    PRIMARY KEY (message_id, record)
) STRICT, WITHOUT ROWID;

CREATE INDEX repair_record ON repair (record);

-- Lines of the log that can't be read as records, word for word.
CREATE TABLE log_stray (
    epoch    INTEGER NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    json     TEXT NOT NULL,
    PRIMARY KEY (epoch, uid, idx)
) STRICT, WITHOUT ROWID;

-- Counts that are kept, not counted.
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Columns hold folded text. rowid is message.id, or minus record.seq of a note.
CREATE VIRTUAL TABLE search USING fts5 (
    subject, people, body, notes, attachments,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
);

-- Which conversations show a note, and what was indexed of it.
CREATE TABLE note_doc (
    docid        INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    edition      INTEGER NOT NULL,
    PRIMARY KEY (docid, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_doc_conversation ON note_doc (conversation);

CREATE VIEW search_owner (docid, conversation) AS
    SELECT id, conversation FROM message WHERE hidden = 0
    UNION ALL
    SELECT docid, conversation FROM note_doc;

CREATE TABLE draft (
    id           INTEGER PRIMARY KEY,
    actor        TEXT NOT NULL,
    conversation TEXT,
    json         TEXT NOT NULL,
    saved_at     INTEGER NOT NULL,
    discarded_at INTEGER
) STRICT;
CREATE INDEX draft_conversation ON draft (conversation, actor) WHERE discarded_at IS NULL;
CREATE INDEX draft_actor ON draft (actor, conversation) WHERE discarded_at IS NULL;

CREATE TABLE outgoing (
    id           INTEGER PRIMARY KEY,
    message_id   TEXT NOT NULL UNIQUE,
    conversation TEXT,
    actor        TEXT NOT NULL,
    state        TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    to_text      TEXT NOT NULL DEFAULT '',
    subject      TEXT NOT NULL DEFAULT '',
    attempts     INTEGER NOT NULL DEFAULT 0,
    due          INTEGER NOT NULL DEFAULT 0,
    size         INTEGER NOT NULL DEFAULT 0,
    json         TEXT NOT NULL DEFAULT '{}',
    bytes        BLOB,
    created_at   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outgoing_state ON outgoing (state, conversation);
CREATE INDEX outgoing_conversation ON outgoing (conversation);

CREATE TABLE outgoing_file (
    digest TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
) STRICT;
