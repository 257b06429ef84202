-- A job has a task. One of each may wait per connection; still only one runs at a time.
ALTER TABLE job ADD COLUMN task TEXT NOT NULL DEFAULT 'sync';
-- since when it is to come to an end; blank: it may go on
ALTER TABLE job ADD COLUMN stop_at BIGINT;
-- the person who asked for it; names are not unique
ALTER TABLE job ADD COLUMN requested_by_id BIGINT;
DROP INDEX job_one_waiting;
CREATE UNIQUE INDEX job_one_waiting ON job (connection_id, task) WHERE state = 'waiting';
UPDATE job SET requested_by_id = (SELECT MIN(id) FROM app_user WHERE name = job.requested_by)
WHERE state IN ('waiting', 'running') AND trigger_kind = 'person'
AND (SELECT COUNT(*) FROM app_user WHERE name = job.requested_by) = 1;
-- What nobody can be found for is the schedule's.
UPDATE job SET trigger_kind = 'schedule', requested_by = ''
WHERE state IN ('waiting', 'running') AND trigger_kind = 'person' AND requested_by_id IS NULL;
