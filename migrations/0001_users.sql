-- People: accounts, groups, one-time codes, sessions, and what limits guessing of passwords.
CREATE TABLE app_user (
    id BIGINT PRIMARY KEY,
    login TEXT NOT NULL,
    login_norm TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- login and name, in lower case
    search_text TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'user', 'auditor')),
    -- PHC string; null until the person has redeemed a one-time code
    password TEXT,
    is_disabled BOOLEAN NOT NULL,
    has_seat BOOLEAN NOT NULL,
    -- null: as the browser asks
    language TEXT,
    zone TEXT NOT NULL,
    theme TEXT NOT NULL CHECK (theme IN ('auto', 'light', 'dark')),
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE TABLE user_group (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL UNIQUE,
    version BIGINT NOT NULL
);
CREATE TABLE group_member (
    group_id BIGINT NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES app_user (id),
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_member_user ON group_member (user_id);
-- A code that was used is deleted.
CREATE TABLE one_time_code (
    id BIGINT PRIMARY KEY,
    -- null: the code of the first admin
    user_id BIGINT REFERENCES app_user (id),
    code_hash TEXT NOT NULL UNIQUE,
    issued_at BIGINT NOT NULL
);
CREATE TABLE session (
    -- SHA-256 of the cookie's value, hex
    id_hash TEXT PRIMARY KEY,
    -- public id, to show and to end a session by
    sid BIGINT NOT NULL UNIQUE,
    user_id BIGINT REFERENCES app_user (id),
    state TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_last_seen ON session (last_seen);
CREATE TABLE sign_in_try (
    id BIGINT PRIMARY KEY,
    -- HMAC of the login as typed, hex: people type passwords there by mistake
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    -- which remembered device; blank for any other
    device TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX sign_in_try_account ON sign_in_try (account, at);
CREATE INDEX sign_in_try_address ON sign_in_try (address, at);
CREATE INDEX sign_in_try_at ON sign_in_try (at);
