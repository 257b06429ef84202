-- Rises when what a run compares becomes another: with each activation, and when other values are to travel.
ALTER TABLE erp_connection ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
-- Polls in a row that came no further because of answers that could not be told apart.
ALTER TABLE poll_position ADD COLUMN held BIGINT NOT NULL DEFAULT 0;
-- Polls of this actor type that failed in a row, and when to try the next one.
ALTER TABLE poll_position ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE poll_position ADD COLUMN next_try BIGINT NOT NULL DEFAULT 0;
-- JSON list of what the ERP had to say during a run, and of what could not be read.
ALTER TABLE job ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';
-- JSON of whose the actor was in the ERP when it was seen last.
ALTER TABLE link ADD COLUMN parent TEXT;
