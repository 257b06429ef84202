-- CRM records of all three kinds, and the CRM's lists.
CREATE TABLE crm_record (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('company', 'person', 'project')),
    parent_id BIGINT REFERENCES crm_record (id),
    name TEXT NOT NULL,
    -- name in comparable form (src/crm/fold.rs), for order and keyset pages
    name_norm TEXT NOT NULL,
    -- all that the search looks in, in comparable form
    search_text TEXT NOT NULL,
    -- JSON object: field key -> stored value
    fields TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX crm_record_page ON crm_record (kind, name_norm, id);
CREATE INDEX crm_record_parent ON crm_record (parent_id, kind, name_norm, id) WHERE parent_id IS NOT NULL;
-- Kept counters: counting a million rows for a page heading would cost more than the page.
CREATE TABLE crm_count (
    kind TEXT PRIMARY KEY,
    records BIGINT NOT NULL
);
INSERT INTO crm_count (kind, records) VALUES ('company', 0), ('person', 0), ('project', 0);
CREATE TABLE crm_list_item (
    id BIGINT PRIMARY KEY,
    list TEXT NOT NULL,
    -- multi-language text
    text TEXT NOT NULL,
    rank BIGINT NOT NULL,
    is_deleted BOOLEAN NOT NULL
);
CREATE INDEX crm_list_item_list ON crm_list_item (list, rank, id);
