-- Resyncs from the CRM: what one would write, and what became of it, record by record (src/runs/resync.rs).
CREATE TABLE resync (
    id BIGINT PRIMARY KEY,
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    choice TEXT NOT NULL CHECK (choice IN ('all', 'type', 'chosen')),
    -- of the choice 'type'
    actor_type TEXT,
    -- a blank empties the ERP's field, where the field's rule lets it
    with_blanks BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('counting', 'counted', 'running', 'done', 'failed')),
    -- of the connection; what was counted under another one may not be written
    generation BIGINT NOT NULL,
    -- records it is about; blank until that is known
    total BIGINT,
    -- what counting found: records that differ and their fields, records in step, records that could not be read
    differing BIGINT NOT NULL,
    fields BIGINT NOT NULL,
    in_step BIGINT NOT NULL,
    unread BIGINT NOT NULL,
    -- what became of those that differ or could not be read
    written BIGINT NOT NULL,
    fields_written BIGINT NOT NULL,
    settled BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    -- JSON of the reason it came to no end
    failure TEXT,
    requested_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    counted_at BIGINT,
    confirmed_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX resync_connection ON resync (connection_id, id);
CREATE UNIQUE INDEX resync_one_at_work ON resync (connection_id) WHERE state IN ('counting', 'running');
CREATE TABLE resync_item (
    resync_id BIGINT NOT NULL REFERENCES resync (id),
    record_kind TEXT NOT NULL,
    record_id BIGINT NOT NULL,
    -- the link may be taken away meanwhile
    link_id BIGINT NOT NULL,
    actor_type TEXT NOT NULL,
    erp_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('chosen', 'open', 'unread', 'nothing', 'written', 'failed')),
    -- JSON list of ERP field keys: to be written, or written
    fields TEXT NOT NULL,
    -- JSON of why it, or part of it, could not be written or read
    reason TEXT,
    PRIMARY KEY (resync_id, record_id)
);
CREATE INDEX resync_item_key ON resync_item (resync_id, actor_type, erp_key);
CREATE INDEX resync_item_state ON resync_item (resync_id, state, link_id);
-- Kept counters: counting a million links for a list of connections would cost more than the page.
CREATE TABLE link_count (
    connection_id BIGINT PRIMARY KEY REFERENCES erp_connection (id),
    links BIGINT NOT NULL
);
INSERT INTO link_count (connection_id, links) SELECT connection_id, COUNT(*) FROM link GROUP BY connection_id;
