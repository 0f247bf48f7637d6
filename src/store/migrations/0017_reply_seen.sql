-- The text of each shared saved reply as an agent last used it or was shown it: what the team made of it since is shown before it is used.
CREATE TABLE reply_seen (
    actor TEXT NOT NULL,
    -- In lower case, as replies are found.
    name  TEXT NOT NULL,
    text  TEXT NOT NULL,
    PRIMARY KEY (actor, name)
) STRICT;
