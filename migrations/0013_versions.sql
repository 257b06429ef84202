-- Versions of the configuration (src/versions): one row for each change of a connector, a connection or the
-- sync priority. What was there before versions were kept becomes version 1 when it is first changed.
CREATE TABLE config_version (
    id BIGINT PRIMARY KEY,
    -- connector, connection, priority
    scope_kind TEXT NOT NULL,
    scope_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- blank: found there
    made_by TEXT NOT NULL,
    -- the first row of the history about the change
    history_seq BIGINT,
    -- JSON, without secrets
    document TEXT NOT NULL,
    UNIQUE (scope_kind, scope_id, number)
);
