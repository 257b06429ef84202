-- Sync connectors, ERP connections, who may use them, and their mappings.
CREATE TABLE sync_connector (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    name_norm TEXT NOT NULL,
    address TEXT NOT NULL,
    is_deleted BOOLEAN NOT NULL,
    -- JSON of what was learned of its wire
    wire TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE UNIQUE INDEX sync_connector_name ON sync_connector (name_norm) WHERE NOT is_deleted;
CREATE TABLE erp_connection (
    id BIGINT PRIMARY KEY,
    guid TEXT NOT NULL UNIQUE,
    connector_id BIGINT NOT NULL REFERENCES sync_connector (id),
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    is_deleted BOOLEAN NOT NULL,
    is_for_everyone BOOLEAN NOT NULL,
    -- JSON: the fields the connector declared
    config_fields TEXT NOT NULL,
    last_sync BIGINT,
    paused_because TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX erp_connection_connector ON erp_connection (connector_id);
CREATE TABLE connection_setting (
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    field_key TEXT NOT NULL,
    -- encoded as on the wire; empty when sealed
    value TEXT NOT NULL,
    -- encrypted value of a password field
    sealed BYTEA,
    PRIMARY KEY (connection_id, field_key)
);
CREATE TABLE connection_access (
    id BIGINT PRIMARY KEY,
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    user_id BIGINT REFERENCES app_user (id),
    group_id BIGINT REFERENCES user_group (id),
    may_connect BOOLEAN NOT NULL,
    may_create BOOLEAN NOT NULL,
    CHECK ((user_id IS NULL) <> (group_id IS NULL))
);
CREATE INDEX connection_access_connection ON connection_access (connection_id);
CREATE INDEX connection_access_user ON connection_access (user_id);
CREATE INDEX connection_access_group ON connection_access (group_id);
CREATE TABLE actor_mapping (
    id BIGINT PRIMARY KEY,
    connection_id BIGINT NOT NULL REFERENCES erp_connection (id),
    actor_type TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    is_missing BOOLEAN NOT NULL,
    -- JSON list of field keys
    searchable TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (connection_id, actor_type)
);
CREATE TABLE field_mapping (
    id BIGINT PRIMARY KEY,
    actor_mapping_id BIGINT NOT NULL REFERENCES actor_mapping (id),
    erp_key TEXT NOT NULL,
    -- JSON of the field as the connector describes it
    erp_field TEXT NOT NULL,
    is_missing_in_erp BOOLEAN NOT NULL,
    crm_field TEXT,
    to_crm BOOLEAN NOT NULL,
    to_erp BOOLEAN NOT NULL,
    is_shown_in_search BOOLEAN NOT NULL,
    is_shown_in_tab BOOLEAN NOT NULL,
    -- JSON of the default rule
    default_rule TEXT,
    rank BIGINT NOT NULL,
    UNIQUE (actor_mapping_id, erp_key)
);
CREATE TABLE item_mapping (
    field_mapping_id BIGINT NOT NULL REFERENCES field_mapping (id) ON DELETE CASCADE,
    erp_item TEXT NOT NULL,
    crm_item BIGINT NOT NULL REFERENCES crm_list_item (id),
    PRIMARY KEY (field_mapping_id, erp_item)
);
