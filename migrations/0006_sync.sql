-- Links, work to be done by the engine, and writes to an ERP whose outcome must not be forgotten.
CREATE TABLE link (
    id BIGINT PRIMARY KEY,
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES crm_record (id),
    actor_type TEXT NOT NULL,
    erp_key TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    -- JSON: ERP field key -> what both sides held when they last agreed
    agreed TEXT NOT NULL,
    record_version BIGINT NOT NULL,
    -- something about it has not been looked at yet, or has to be tried again
    is_dirty BOOLEAN NOT NULL,
    last_sync BIGINT,
    -- JSON of the reason the last attempt failed
    failure TEXT,
    failure_count BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (connection_id, record_id),
    UNIQUE (connection_id, actor_type, erp_key)
);
CREATE INDEX link_record ON link (record_id);
CREATE INDEX link_dirty ON link (connection_id, actor_type, id) WHERE is_dirty;
CREATE INDEX link_failing ON link (connection_id, id) WHERE failure IS NOT NULL;
-- A process at work. Its pulse rises while it holds anything; when it stands still, others take over.
CREATE TABLE engine_process (
    id BIGINT PRIMARY KEY,
    pulse BIGINT NOT NULL
);
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    -- what set it off: schedule, person
    trigger_kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    due_at BIGINT NOT NULL,
    -- how many attempts in a row failed before this one
    attempt BIGINT NOT NULL,
    -- the process that runs it
    holder BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    -- JSON of the counts
    counts TEXT NOT NULL,
    -- JSON of the reason it failed
    failure TEXT,
    requested_by TEXT NOT NULL
);
CREATE INDEX job_state ON job (state, due_at);
CREATE INDEX job_connection ON job (connection_id, id);
CREATE UNIQUE INDEX job_one_waiting ON job (connection_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX job_one_running ON job (connection_id) WHERE state = 'running';
CREATE TABLE erp_write (
    id BIGINT PRIMARY KEY,
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    kind TEXT NOT NULL CHECK (kind IN ('create', 'connect', 'save')),
    -- prepared: not known whether it was done; unclear: looked, and a person must decide
    state TEXT NOT NULL CHECK (state IN ('prepared', 'unclear')),
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL REFERENCES crm_record (id),
    actor_type TEXT NOT NULL,
    -- blank for a create
    erp_key TEXT NOT NULL,
    -- JSON: what is to be written, and what to do afterwards
    payload TEXT NOT NULL,
    -- JSON of who asked for it
    requested_by TEXT NOT NULL,
    -- the process that is at it
    holder BIGINT NOT NULL,
    -- looking up how it ended
    tries BIGINT NOT NULL,
    next_try BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- at most one write on its way per record, and per actor, in each connection
    UNIQUE (connection_id, record_id)
);
CREATE UNIQUE INDEX erp_write_actor ON erp_write (connection_id, actor_type, erp_key) WHERE erp_key <> '';
-- How far an actor type of a connection has been polled; opaque texts of the ERP.
CREATE TABLE poll_position (
    actor_mapping_id BIGINT PRIMARY KEY REFERENCES actor_mapping (id),
    -- newest time of change whose batch is committed
    newest TEXT NOT NULL,
    -- from where the next poll asks: what was newest one poll earlier, so that polls overlap
    since TEXT NOT NULL
);
