-- A list by creation or by waiting is walked along an index as one by activity is, whatever view it is of: to put all that a view holds in
-- order, for one page of it, takes as long as the view is. Nobody waits where waiting_since is NULL: that end of a list is walked too.
DROP INDEX conversation_waits;
CREATE INDEX conversation_waits ON conversation (waiting_since, last_at, id);
CREATE INDEX conversation_status_waits ON conversation (status, waiting_since, last_at, id);
CREATE INDEX conversation_inbox_waits ON conversation (inbox, waiting_since, last_at, id) WHERE active = 1;
CREATE INDEX conversation_snoozed_waits ON conversation (waiting_since, last_at, id) WHERE snoozed_until IS NOT NULL;
CREATE INDEX conversation_status_created ON conversation (status, first_at, last_at, id);
CREATE INDEX conversation_assignee_created ON conversation (assignee, first_at, last_at, id) WHERE active = 1;
CREATE INDEX conversation_inbox_created ON conversation (inbox, first_at, last_at, id) WHERE active = 1;
CREATE INDEX conversation_snoozed_created ON conversation (first_at, last_at, id) WHERE snoozed_until IS NOT NULL;

-- What an agent's workers dealt with since the morning, beside all that they ever did.
CREATE INDEX conversation_worker_done ON conversation_worker (agent, until) WHERE at_work = 0;
