-- Whether somebody may set to work at once: active, and not waiting for its customer (2). Where a team answers without taking, those that
-- wait are nearly all that is nobody's, and a page of the others, or what is next, walked past them: those have indexes without them.
ALTER TABLE conversation ADD COLUMN workable INTEGER GENERATED ALWAYS AS (active = 1 AND status <> 2) VIRTUAL;
CREATE INDEX conversation_workable ON conversation (assignee, last_at, id) WHERE workable = 1;
CREATE INDEX conversation_workable_waits ON conversation (assignee, waiting_since, last_at, id) WHERE workable = 1;
CREATE INDEX conversation_workable_created ON conversation (assignee, first_at, last_at, id) WHERE workable = 1;
