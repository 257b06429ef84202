-- Exceptions from plain synchronising (src/mapping/rules.rs). The defaults are the plain behaviour.
ALTER TABLE field_mapping ADD COLUMN when_to_crm TEXT NOT NULL DEFAULT 'always';
ALTER TABLE field_mapping ADD COLUMN when_to_erp TEXT NOT NULL DEFAULT 'always';
ALTER TABLE field_mapping ADD COLUMN may_blank BOOLEAN NOT NULL DEFAULT FALSE;
-- JSON of the rule for unmapped list items; none: the plain one
ALTER TABLE field_mapping ADD COLUMN item_rule TEXT;
