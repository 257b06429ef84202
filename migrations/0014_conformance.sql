-- Conformance tests of a connection: what each was to do, and what it found. How far one has come is its job's.
CREATE TABLE conformance_run (
    job_id BIGINT PRIMARY KEY REFERENCES job (id),
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    asked_at BIGINT NOT NULL,
    -- JSON of what may be written; NULL: nothing
    writing TEXT,
    -- JSON of the actor types, once the connector has named them
    kinds TEXT NOT NULL,
    -- the connector and its address at that time, and the namespace of its data; blank where there is none
    connector_name TEXT NOT NULL,
    address TEXT NOT NULL,
    form TEXT NOT NULL
);
CREATE INDEX conformance_run_connection ON conformance_run (connection_id, job_id);
CREATE TABLE conformance_result (
    run_id BIGINT NOT NULL REFERENCES conformance_run (job_id),
    actor_type TEXT NOT NULL,
    check_name TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'remarked', 'failed', 'not-tried')),
    -- JSON of the reason
    reason TEXT,
    took_us BIGINT NOT NULL,
    -- JSON: operation -> calls and times
    timings TEXT NOT NULL,
    PRIMARY KEY (run_id, actor_type, check_name)
);
