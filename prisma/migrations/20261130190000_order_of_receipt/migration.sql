-- Lists in the order of receipt: of all by the key itself, of a server, a job or a status by an index of its own, from a moment on by
-- another.

CREATE INDEX "backups_received_at_idx" ON "backups" ("received_at");
CREATE INDEX "backups_status_idx" ON "backups" ("status");
CREATE INDEX "backups_server_id_idx" ON "backups" ("server_id");
CREATE INDEX "backups_job_id_idx" ON "backups" ("job_id");
CREATE INDEX "transitions_recorded_at_idx" ON "transitions" ("recorded_at");

-- Whether a run counts, and whether it knows sizes, is looked for along the same indexes: without it in them, a row of 90 columns was read
-- for each run that does not.

DROP INDEX "backups_job_id_ordered_at_id_status_idx";
DROP INDEX "backups_server_id_ordered_at_id_status_idx";
DROP INDEX "backups_ordered_at_id_status_idx";
DROP INDEX "backups_status_ordered_at_id_idx";
CREATE INDEX "backups_job_id_ordered_at_idx" ON "backups" ("job_id", "ordered_at", "id", "status", "dryrun", "prevented", "known_file_size");
CREATE INDEX "backups_server_id_ordered_at_idx" ON "backups" ("server_id", "ordered_at", "id", "status", "dryrun");
CREATE INDEX "backups_ordered_at_idx" ON "backups" ("ordered_at", "id", "status", "dryrun");
CREATE INDEX "backups_status_ordered_at_idx" ON "backups" ("status", "ordered_at", "id", "dryrun");

-- The state of a server is the worst of its jobs: by the index of states alone, all jobs of a state were read for each server.

CREATE INDEX "backup_jobs_server_id_state_idx" ON "backup_jobs" ("server_id", "state");

-- Messages of one job keep their order, and wait together; those of others pass them.

DROP INDEX "notifications_status_channel_id_id_idx";
CREATE INDEX "notifications_status_channel_id_next_attempt_at_idx" ON "notifications" ("status", "channel_id", "next_attempt_at", "id");

UPDATE "notifications" SET "next_attempt_at" = (
  SELECT max("before"."next_attempt_at") FROM "notifications" AS "before"
  WHERE "before"."status" = 'PENDING' AND "before"."channel_id" = "notifications"."channel_id"
    AND "before"."job_id" = "notifications"."job_id" AND "before"."id" <= "notifications"."id"
) WHERE "status" = 'PENDING';
