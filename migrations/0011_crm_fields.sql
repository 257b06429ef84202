-- Fields that admins add to companies, persons and projects. Their values lie in crm_record.fields like all others,
-- under the key 'u_‹id›'; the items of a list field in crm_list_item, under the list 'custom-‹id›'.
CREATE TABLE crm_field (
    id BIGINT PRIMARY KEY,
    record_kind TEXT NOT NULL CHECK (record_kind IN ('company', 'person', 'project')),
    -- multi-language text
    label TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'whole', 'decimal', 'check', 'date', 'list')),
    -- in characters; text only
    max_length BIGINT NOT NULL,
    is_required BOOLEAN NOT NULL,
    rank BIGINT NOT NULL,
    -- records keep the values of a deleted field
    is_deleted BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX crm_field_order ON crm_field (record_kind, rank, id);
