-- What happened, by whom, to what: append-only and chained (see src/history).
CREATE TABLE history (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    address TEXT NOT NULL,
    connection_id BIGINT,
    connection_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT,
    subject_name TEXT NOT NULL,
    -- JSON objects, text by field
    before_values TEXT NOT NULL,
    after_values TEXT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX history_connection ON history (connection_id, seq);
CREATE INDEX history_action ON history (action, seq);
CREATE INDEX history_actor ON history (actor_name, seq);
CREATE INDEX history_subject ON history (subject_kind, subject_id, seq);
CREATE INDEX history_at ON history (at);
-- One row; locked by whoever appends, so that there is one order.
CREATE TABLE history_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    -- Ed25519 over seq and hash; a writer of the database alone cannot make it
    signature TEXT NOT NULL
);
INSERT INTO history_head (id, seq, hash, signature) VALUES (1, 0, '', '');
