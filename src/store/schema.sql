-- The tables and indexes of a store of the newest version, as all of the migrations together make them: a new store is made of these in
-- one go. A test compares both, so a migration that adds something adds it here too.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    name       TEXT PRIMARY KEY,
    first_sync INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE folder (
    id          INTEGER PRIMARY KEY,
    account     TEXT NOT NULL,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL,
    validity    INTEGER,
    uid_next    INTEGER,
    modseq      INTEGER,
    last_pass   INTEGER,
    -- How many messages were here when the last pass ended, and below which UID old flags are read again next, where a server has no
    -- MODSEQ.
    messages    INTEGER,
    flags_below INTEGER,
    -- The highest UIDNEXT and HIGHESTMODSEQ that the server ever told under this UIDVALIDITY, in passes that broke off too: where it
    -- tells less, it was restored from a backup, and its UIDs name other mails.
    seen_next   INTEGER,
    seen_modseq INTEGER,
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
    -- What the headers of this copy say where that is not what the kept header of the mail says, as JSON.
    copy    TEXT,
    PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;
CREATE INDEX location_message ON location (message);

-- What stood in a folder whose UIDs became void, until the next complete pass.
CREATE TABLE lost_location (
    folder  INTEGER NOT NULL,
    message INTEGER NOT NULL,
    copy    TEXT,
    PRIMARY KEY (folder, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX lost_location_message ON lost_location (message);

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
    envelope     TEXT NOT NULL,
    derived      INTEGER NOT NULL DEFAULT 0,
    -- How it is known who wrote it. This and what follows is filled by the job that derives rows again, since the kept bytes say it.
    authorship   INTEGER NOT NULL DEFAULT 0,
    -- The key of the author's address.
    author       TEXT NOT NULL DEFAULT '',
    -- The hash of the text; NULL while the body is not here.
    text_hash    TEXT,
    -- The Message-ID that the mail bears where another mail keeps it: message_id is a derived one then.
    claimed      TEXT,
    -- 1 where it is another copy of a mail that is here.
    copy         INTEGER NOT NULL DEFAULT 0,
    -- When it left the server.
    gone_at      INTEGER,
    -- The one person outside that a message is from or goes to; empty for nobody, * for several.
    outside      TEXT NOT NULL DEFAULT '',
    -- Of a mail of ours that went to many: whom it names in To and Cc, a line each.
    notice       TEXT,
    -- The mail that a message belongs with whatever it names: where copy = 1 the one that it is a copy of, else the one that keeps the
    -- Message-ID which it bears too, where both have the same author and base subject.
    beside       TEXT,
    -- Of mail of ours that stands among sent mail: a hash of its outside recipients, base subject and text.
    sent_key     INTEGER,
    -- Of mail whose Message-ID others bear: a hash of From, Date and base subject.
    likeness     INTEGER,
    -- 1 where it stands in the archive alone.
    archived     INTEGER NOT NULL DEFAULT 0,
    -- The folder that it left last, of mail that stands in no folder or in the archive alone; NULL where it was never met elsewhere.
    gone_from    INTEGER,
    -- When it left it, by the clock of this client.
    left_at      INTEGER,
    -- How many days its text was kept after it was gone, where it was let go; NULL where it was not.
    let_go       INTEGER,
    -- Mail that was imported into an account without a server: it is history whatever a log says of when history ends.
    imported     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX message_conversation ON message (conversation, arrived);
CREATE INDEX message_subject ON message (subject_key, arrived) WHERE subject_key IS NOT NULL;
CREATE INDEX message_twin ON message (message_id) WHERE twin = 1;
CREATE INDEX message_partial ON message (partial, arrived) WHERE partial > 0;
CREATE INDEX message_derived ON message (derived, arrived);
CREATE INDEX message_claimed ON message (claimed) WHERE claimed IS NOT NULL;
CREATE INDEX message_copy ON message (beside) WHERE copy = 1;
CREATE INDEX message_sent ON message (sent_key) WHERE sent_key IS NOT NULL;
-- What is to be cut to its headers once it has been gone for long.
CREATE INDEX message_gone ON message (gone_at) WHERE gone_at IS NOT NULL AND partial = 0;
CREATE TRIGGER news_mail_goes AFTER DELETE ON message BEGIN
    DELETE FROM news_mail WHERE message = old.id;
END;

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
    message      INTEGER,
    -- 1 where it is a second name of its message: the one that it has whenever another keeps the Message-ID which both bear.
    second       INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX member_conversation ON member (conversation);
CREATE INDEX member_second ON member (message) WHERE second = 1;

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
    last_outbound_at INTEGER,
    -- Who sent the mail that came back, while nobody has dealt with that; empty where it is not known. NULL where nothing came back.
    bounced          TEXT,
    -- How far the messages of the conversation are here: those of its newest second, a line each, "milliseconds id". NULL in rows that
    -- were written before; they are read from the messages until they are written again.
    as_of            TEXT,
    -- How many conversations answer a notice of this one that went to many.
    answered         INTEGER NOT NULL DEFAULT 0,
    -- 1 where all of its mail has left.
    gone             INTEGER NOT NULL DEFAULT 0,
    -- Whether somebody may set to work at once: active, and not waiting for its customer (2). Where a team answers without taking,
    -- those that wait are nearly all that is nobody's, and a page of the others, or what is next, walked past them: those have indexes
    -- without them.
    workable         INTEGER GENERATED ALWAYS AS (active = 1 AND status <> 2) VIRTUAL
) STRICT;
CREATE INDEX conversation_order ON conversation (last_at, id);
CREATE INDEX conversation_status ON conversation (status, last_at, id);
CREATE INDEX conversation_assignee ON conversation (assignee, active, last_at, id);
CREATE INDEX conversation_inbox ON conversation (inbox, active, last_at, id);
CREATE INDEX conversation_active ON conversation (active, last_at, id);
CREATE INDEX conversation_snoozed ON conversation (last_at, id) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversation_wake ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversation_bounced ON conversation (last_at, id) WHERE bounced IS NOT NULL;
CREATE INDEX conversation_gone ON conversation (last_at, id) WHERE gone = 1;
-- What nobody has, or one team, by how long the customer has waited.
CREATE INDEX conversation_waiting ON conversation (assignee, waiting_since, last_at, id) WHERE active = 1;
CREATE INDEX conversation_created ON conversation (first_at, last_at, id);
-- The list by how long the customer has waited, and by when a conversation began. What nobody or one agent has is sorted by
-- conversation_waiting, and where nobody waits a list is sorted by its activity.
CREATE INDEX conversation_waits ON conversation (waiting_since, last_at, id);
CREATE INDEX conversation_status_waits ON conversation (status, waiting_since, last_at, id);
CREATE INDEX conversation_inbox_waits ON conversation (inbox, waiting_since, last_at, id) WHERE active = 1;
CREATE INDEX conversation_snoozed_waits ON conversation (waiting_since, last_at, id) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversation_status_created ON conversation (status, first_at, last_at, id);
CREATE INDEX conversation_assignee_created ON conversation (assignee, first_at, last_at, id) WHERE active = 1;
CREATE INDEX conversation_inbox_created ON conversation (inbox, first_at, last_at, id) WHERE active = 1;
CREATE INDEX conversation_snoozed_created ON conversation (first_at, last_at, id) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversation_workable ON conversation (assignee, last_at, id) WHERE workable = 1;
CREATE INDEX conversation_workable_waits ON conversation (assignee, waiting_since, last_at, id) WHERE workable = 1;
CREATE INDEX conversation_workable_created ON conversation (assignee, first_at, last_at, id) WHERE workable = 1;

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
    json     TEXT NOT NULL,
    account  TEXT NOT NULL DEFAULT '',
    -- Whether a record was made here: where it stands only in a mail that does not count, it is pushed again instead of dropped.
    made     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX record_batch ON record (batch) WHERE batch IS NOT NULL;
CREATE INDEX record_undoes ON record (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX record_actor ON record (actor, seq);
CREATE INDEX record_reply ON record (kind, seq) WHERE kind = 'saved-reply';
CREATE INDEX record_history ON record (kind, seq) WHERE kind = 'history-before';
CREATE INDEX record_place ON record (account, epoch, uid, idx) WHERE epoch IS NOT NULL;
CREATE INDEX record_unplaced ON record (account, local) WHERE epoch IS NULL;
-- All that decides which records count, without their texts.
CREATE INDEX record_undo ON record (seq, id, batch, undoes, account, epoch, validity, uid, idx, local, lamport)
    WHERE undoes IS NOT NULL;
CREATE INDEX record_undo_waiting ON record (seq) WHERE undoes IS NOT NULL AND epoch IS NULL;
CREATE INDEX record_team ON record (kind, account, seq) WHERE kind = 'team';
CREATE INDEX record_claim ON record (json_extract(op, '$.key')) WHERE kind = 'claim';

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

-- Counts that are kept, not counted.
CREATE TABLE tally (
    name TEXT PRIMARY KEY,
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which conversations show a note, and what was indexed of it.
CREATE TABLE note_doc (
    docid        INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    edition      INTEGER NOT NULL,
    PRIMARY KEY (docid, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX note_doc_conversation ON note_doc (conversation);

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
    to_text      TEXT NOT NULL DEFAULT '',
    subject      TEXT NOT NULL DEFAULT '',
    attempts     INTEGER NOT NULL DEFAULT 0,
    due          INTEGER NOT NULL DEFAULT 0,
    size         INTEGER NOT NULL DEFAULT 0,
    json         TEXT NOT NULL DEFAULT '{}',
    bytes        BLOB,
    created_at   INTEGER NOT NULL DEFAULT 0,
    -- Why a mail of the outbox stands as it does: the code of a sentence and, as JSON, what the sentence names. What was kept in words
    -- stays in them; where the words decided something, the code does.
    code         TEXT NOT NULL DEFAULT '',
    args         TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX outgoing_state ON outgoing (state, conversation);
CREATE INDEX outgoing_conversation ON outgoing (conversation);

CREATE TABLE outgoing_file (
    digest TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL,
    -- When a file was put here: one that a draft is about to name is not taken for one that nothing names.
    put_at INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Where else a record stands: one that is on the logs of two accounts counts once, at its lowest place.
CREATE TABLE log_copy (
    account  TEXT NOT NULL,
    record   INTEGER NOT NULL,
    epoch    INTEGER NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    -- What a record says on that account's log, where that is something else than what counts; NULL where it is the same.
    json     TEXT,
    PRIMARY KEY (account, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX log_copy_record ON log_copy (record);

-- Lines of the log that can't be read as records, word for word.
CREATE TABLE log_stray (
    account  TEXT NOT NULL,
    epoch    INTEGER NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    json     TEXT NOT NULL,
    PRIMARY KEY (account, epoch, uid, idx)
) STRICT, WITHOUT ROWID;

-- How far each account's log was read: the newest position, and the sync's own words.
CREATE TABLE log_account (
    account TEXT PRIMARY KEY,
    head    TEXT,
    state   TEXT
) STRICT, WITHOUT ROWID;

-- Mail that is to stand in another folder on the server, because its conversation was moved here: a row for each place it stands in.
CREATE TABLE mail_move (
    id             INTEGER PRIMARY KEY,
    account        TEXT NOT NULL,
    message        INTEGER NOT NULL,
    -- RFC822.SIZE: with it two mails of one Message-ID are told apart.
    size           INTEGER NOT NULL,
    -- Folder names. Without uid, or where validity is void, the mail is looked for by its Message-ID.
    source         TEXT NOT NULL,
    validity       INTEGER,
    uid            INTEGER,
    target         TEXT NOT NULL,
    -- Where it goes from there: it was moved on while nobody knew how far the first way had got.
    onward         TEXT,
    -- UIDVALIDITY and UIDNEXT of the target just before the first try; NULL before it.
    begun_validity INTEGER,
    begun_next     INTEGER,
    attempts       INTEGER NOT NULL DEFAULT 0,
    due            INTEGER NOT NULL DEFAULT 0,
    reason         TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX mail_move_message ON mail_move (message);
CREATE INDEX mail_move_account ON mail_move (account, due);

-- Mail that left a folder and may stand in another one, which is not known before the pass has looked there.
CREATE TABLE adrift (
    message INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    -- The folder that mail left which is looked for.
    folder  INTEGER
) STRICT;

-- Copies of drafts in the Drafts folder of the server: all that may stand there, from before the first byte until it is removed.
CREATE TABLE draft_copy (
    id         INTEGER PRIMARY KEY,
    draft      INTEGER NOT NULL,
    -- The draft's saved_at: which version it is a copy of.
    version    INTEGER NOT NULL,
    account    TEXT NOT NULL,
    folder     TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    -- Where it stands; NULL while the server has not said so.
    validity   INTEGER,
    uid        INTEGER,
    -- 1 once it is to go: it is no copy any more, whatever becomes of the draft.
    doomed     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX draft_copy_draft ON draft_copy (draft);

-- Notes that somebody was typing and has not put down: one for each agent and place.
CREATE TABLE note_draft (
    actor    TEXT NOT NULL,
    -- A conversation, the note that is edited, or what the screen calls the marked ones.
    place    TEXT NOT NULL,
    text     TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (actor, place)
) STRICT, WITHOUT ROWID;

-- Messages that merges and splits of the log named, until what they link is threaded. Records are taken in by portions, what they link
-- is threaded behind them: whoever is interrupted in between goes on from here.
CREATE TABLE rethread (
    message_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Mails that failed twice at the same place and are left out until they are tried again; with UID 0 a whole folder.
CREATE TABLE set_aside (
    folder   INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    -- UIDVALIDITY of the UID; 0 where it is a folder.
    validity INTEGER NOT NULL,
    -- A code; the server's own words stand in words.
    reason   TEXT NOT NULL,
    words    TEXT NOT NULL DEFAULT '',
    -- 1 where its own headers stand in the lists; 0 where only a message that says so does, or nothing.
    shown    INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    tries    INTEGER NOT NULL,
    next_try INTEGER NOT NULL,
    -- 1 once somebody was told.
    told     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (folder, uid)
) STRICT, WITHOUT ROWID;

-- Undos of undos can be a hundred thousand in one conversation, and all that they say is which other records count. So they stand apart:
-- what the fold reads of a conversation is its other records, and which of these are taken back.
CREATE TABLE undo_target (
    message_id TEXT NOT NULL,
    record     INTEGER NOT NULL,
    PRIMARY KEY (message_id, record)
) STRICT, WITHOUT ROWID;

-- Of conversations with many undos: the records that are taken back there, undos themselves left out. A row of record 0 says that this
-- is known. What is not known is found out and put here by whoever folds the conversation.
CREATE TABLE undone (
    conversation INTEGER NOT NULL,
    record       INTEGER NOT NULL,
    -- The last undo that names it; NULL where it counts.
    named_by     INTEGER,
    -- Where it stands among all records, undos among them, where records of several logs meet; then all records are here.
    at           INTEGER,
    PRIMARY KEY (conversation, record)
) STRICT, WITHOUT ROWID;

-- Keys that mails of the log are signed with, so that they can be put back where somebody deletes them.
CREATE TABLE log_key (
    account     TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- The key and what it says of itself, as it stands in its mail.
    json        TEXT NOT NULL,
    -- Whether it counts whatever the config says: made here, or found in a mail that was not delivered.
    counts      INTEGER NOT NULL,
    -- Where it stands: the UID of the lowest mail that ever held it, and of one that does; NULL where that is not known.
    validity    INTEGER,
    uid         INTEGER,
    here        INTEGER,
    PRIMARY KEY (account, fingerprint)
) STRICT, WITHOUT ROWID;

-- Mails of the folder that hold records and don't count.
CREATE TABLE log_refused (
    account  TEXT NOT NULL,
    validity INTEGER NOT NULL,
    uid      INTEGER NOT NULL,
    PRIMARY KEY (account, validity, uid)
) STRICT, WITHOUT ROWID;

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

-- The text of each shared saved reply as an agent last used it or was shown it: what the team made of it since is shown before it is used.
CREATE TABLE reply_seen (
    actor TEXT NOT NULL,
    -- In lower case, as replies are found.
    name  TEXT NOT NULL,
    text  TEXT NOT NULL,
    PRIMARY KEY (actor, name)
) STRICT;

-- Records and messages whose words were erased for good: what comes with such an id is kept without its words, or not at all.
CREATE TABLE erased (
    id     TEXT NOT NULL,
    -- 0 a record, 1 a message.
    kind   INTEGER NOT NULL,
    -- The record that says so.
    record INTEGER NOT NULL,
    PRIMARY KEY (id, kind)
) STRICT, WITHOUT ROWID;

-- Erased mails that may still stand on a server. Only what this client's agent erased; a row dies once the mail stands in no folder.
CREATE TABLE erased_mail (
    account    TEXT NOT NULL,
    message_id TEXT NOT NULL,
    due        INTEGER NOT NULL DEFAULT 0,
    -- Why the last try failed; empty where there was none.
    reason     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, message_id)
) STRICT, WITHOUT ROWID;

-- Accounts in whose log's folder words of erased records may still stand. Only after this client's agent erased something.
CREATE TABLE erased_log (
    account TEXT PRIMARY KEY,
    due     INTEGER NOT NULL DEFAULT 0,
    reason  TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- Which records say that a mail was sent: by them a mail that nobody filed is ours.
CREATE TABLE sending (
    message_id TEXT NOT NULL,
    record     INTEGER NOT NULL,
    -- The hash of the text that was sent; NULL in records of older programs.
    hash       TEXT,
    PRIMARY KEY (message_id, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX sending_record ON sending (record);

-- Ids that messages of a conversation name and that are not of it: what may have to do with each other. The class is a hash of the customer
-- or the mailing list of the message that names the id: what names the same absent id belongs together where that is the same.
CREATE TABLE related (
    message_id   TEXT NOT NULL,
    class        INTEGER NOT NULL,
    conversation INTEGER NOT NULL,
    -- 1 where it is a notice that went to many, which the conversation answers.
    is_notice    INTEGER NOT NULL,
    PRIMARY KEY (message_id, class, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX related_conversation ON related (conversation);

-- Conversations that were closed because their mail left, of which their assignee was not told yet.
CREATE TABLE departed (
    conversation TEXT PRIMARY KEY,
    assignee     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX departed_assignee ON departed (assignee);

-- A message of each conversation that the rules of a newer program changed, or would have without the records that keep it.
CREATE TABLE upgraded (
    message_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Flags that the server is to be told: of mail that was opened, dealt with or answered here.
CREATE TABLE mail_flag (
    message  INTEGER NOT NULL,
    -- 0 \Seen, 1 \Answered.
    flag     INTEGER NOT NULL,
    -- When it was wanted.
    at       INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Not before this time, after a refusal.
    due      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (message, flag)
) STRICT, WITHOUT ROWID;

-- The newest lease of a worker that a conversation has, whether it counts still or not: the next one names it.
CREATE TABLE conversation_worker (
    conversation INTEGER PRIMARY KEY,
    -- The record that took it.
    lease        TEXT NOT NULL,
    agent        TEXT NOT NULL,
    worker       TEXT NOT NULL,
    until        INTEGER NOT NULL,
    -- Who had the conversation before; NULL for nobody.
    before       TEXT,
    -- 1 while it has been neither dealt with, given back nor given away.
    at_work      INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_worker_until ON conversation_worker (until) WHERE at_work = 1;
CREATE INDEX conversation_worker_agent ON conversation_worker (agent) WHERE at_work = 1;
-- What an agent's workers dealt with since the morning, beside all that they ever did.
CREATE INDEX conversation_worker_done ON conversation_worker (agent, until) WHERE at_work = 0;

-- Which conversations changed, numbered in the order of the commits: a row for each, with its last change. Kept while anybody watches.
CREATE TABLE conversation_change (
    id TEXT PRIMARY KEY,
    n  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_change_n ON conversation_change (n);

-- A query that somebody watches. Who watches the same shares it.
CREATE TABLE watch (
    id      INTEGER PRIMARY KEY,
    -- Stands in its cursors, so that those of another store or of one that was dropped are known.
    name    TEXT NOT NULL UNIQUE,
    actor   TEXT NOT NULL,
    query   TEXT NOT NULL,
    -- 0 where it began with what matched then, for one reader.
    shared  INTEGER NOT NULL,
    -- Changes up to this one are in its events.
    seen    INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT;

-- What answers it, as far as its events say. mark is a hash of what is shown of it; NULL where it did not change since the beginning.
CREATE TABLE watch_member (
    watch        INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    mark         INTEGER,
    PRIMARY KEY (watch, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_event (
    n            INTEGER PRIMARY KEY AUTOINCREMENT,
    watch        INTEGER NOT NULL,
    -- 0 begins, 1 enters, 2 changes, 3 leaves.
    kind         INTEGER NOT NULL,
    -- Empty where it begins.
    conversation TEXT NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX watch_event_watch ON watch_event (watch, n);

-- How far a command was run over the events of a watch.
CREATE TABLE watch_run (
    watch   INTEGER NOT NULL,
    command TEXT NOT NULL,
    done    INTEGER NOT NULL,
    PRIMARY KEY (watch, command)
) STRICT, WITHOUT ROWID;

-- Events for which it failed again and again.
CREATE TABLE watch_aside (
    watch        INTEGER NOT NULL,
    command      TEXT NOT NULL,
    n            INTEGER NOT NULL,
    kind         INTEGER NOT NULL,
    conversation TEXT NOT NULL,
    at           INTEGER NOT NULL,
    tries        INTEGER NOT NULL,
    -- Why the last try failed, as JSON.
    reason       TEXT NOT NULL,
    PRIMARY KEY (watch, command, n)
) STRICT, WITHOUT ROWID;

-- How far events for hooks were gathered: of the records, and of the messages. No row while no hook is configured.
CREATE TABLE hook_cursor (
    source TEXT PRIMARY KEY,
    last   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events for which a hook is to be run, is being run, or failed.
CREATE TABLE hook_event (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    hook       TEXT NOT NULL,
    event      TEXT NOT NULL,
    -- The record that it is of; NULL where it is of a mail.
    record     INTEGER,
    -- The mail, or the record's target.
    message_id TEXT NOT NULL,
    at         INTEGER NOT NULL,
    -- 0 waits, 1 waits for its claim, 2 is being run, 3 failed.
    state      INTEGER NOT NULL DEFAULT 0,
    -- The record that claims it for this client.
    claim      TEXT,
    -- Why it failed, as JSON.
    reason     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX hook_event_state ON hook_event (state, n);

-- The agents who use this store. What was here before one did is no news to them.
CREATE TABLE reader (
    agent TEXT PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Mail of people that came for them and that they have not looked at: a row goes when they do.
CREATE TABLE news_mail (
    message INTEGER NOT NULL,
    agent   TEXT NOT NULL,
    -- The newest record that was here when it came: of what does not say how far its author had read, only later ones tell of a look.
    behind  INTEGER NOT NULL,
    -- 1 where the agent marked it as unread: only later records tell of a look at all.
    by_hand INTEGER NOT NULL,
    PRIMARY KEY (message, agent)
) STRICT, WITHOUT ROWID;

-- Records that would be news to an agent and that they looked at: notes that mention them, what was given to them, what they lost.
CREATE TABLE news_looked (
    agent  TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (agent, record)
) STRICT, WITHOUT ROWID;

-- What of a conversation is news to an agent, made from the above, its mail and its records.
CREATE TABLE conversation_news (
    agent        TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    -- Bits: 1 mail, 2 a note mentions them, 4 mail in what they have or follow, 8 it was given to them, 16 they lost it to another,
    -- 32 a mail of ours came back.
    kinds        INTEGER NOT NULL,
    -- Who did the most pressing of it, and its words; empty where nobody and nothing.
    who          TEXT NOT NULL,
    words        TEXT NOT NULL,
    PRIMARY KEY (agent, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_news_of ON conversation_news (conversation);
CREATE INDEX conversation_news_tray ON conversation_news (agent, conversation) WHERE kinds & 62 <> 0;

-- Conversations whose notes mention an agent who looked at them here, or did something there since.
CREATE TABLE conversation_mention_looked (
    agent        TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    PRIMARY KEY (agent, conversation)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_mention_looked_of ON conversation_mention_looked (conversation);

-- What an agent is to be told of once, by whichever screen takes it first.
CREATE TABLE telling (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    agent      TEXT NOT NULL,
    -- What it is of, so that nothing is told twice.
    key        TEXT NOT NULL,
    event      TEXT NOT NULL,
    message_id TEXT NOT NULL,
    who        TEXT NOT NULL,
    at         INTEGER NOT NULL,
    taken      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (agent, key)
) STRICT;
CREATE INDEX telling_waits ON telling (agent, n) WHERE taken = 0;

CREATE VIEW search_owner (docid, conversation) AS
    SELECT id, conversation FROM message WHERE hidden = 0
    UNION ALL
    SELECT docid, conversation FROM note_doc;

-- The words that the search index holds, one behind the other: whether a word stands anywhere is one look. It keeps nothing of its own.
CREATE VIRTUAL TABLE search_word USING fts5vocab (search, instance);

-- Columns hold folded text. rowid is message.id, or minus record.seq of a note.
CREATE VIRTUAL TABLE search USING fts5 (
    subject, people, body, notes, attachments,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 0"
);
