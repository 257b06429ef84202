-- Portal-wide settings, the licence file, and forms that were already carried out.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE licence (
    -- one row at most
    id BIGINT PRIMARY KEY CHECK (id = 1),
    file TEXT NOT NULL,
    installed_at BIGINT NOT NULL,
    installed_by TEXT NOT NULL
);
CREATE TABLE sent_form (
    once TEXT PRIMARY KEY,
    user_id BIGINT,
    body_hash TEXT NOT NULL,
    -- null while it is being carried out
    status BIGINT,
    location TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX sent_form_at ON sent_form (at);
