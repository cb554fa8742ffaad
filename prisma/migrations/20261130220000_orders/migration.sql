-- What lists are ordered by. How bad a state is: the higher, the worse. Names are written for sorting by the next start: SQLite knows
-- the case of A to Z alone.

ALTER TABLE "servers" ADD COLUMN "severity" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "servers" ADD COLUMN "sort_name" TEXT NOT NULL DEFAULT '';
ALTER TABLE "backup_jobs" ADD COLUMN "severity" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "backup_jobs" ADD COLUMN "sort_name" TEXT NOT NULL DEFAULT '';
ALTER TABLE "backup_jobs" ADD COLUMN "latest_seconds" REAL;

UPDATE "backup_jobs" SET
  "severity" = CASE "state" WHEN 'OVERDUE' THEN 6 WHEN 'LATE' THEN 5 WHEN 'FAILED' THEN 4 WHEN 'WARNING' THEN 3 WHEN 'OK' THEN 2
    WHEN 'PAUSED' THEN 0 ELSE 1 END,
  "latest_seconds" = (SELECT "duration_seconds" FROM "backups" WHERE "id" = "backup_jobs"."latest_backup_id");
UPDATE "servers" SET "severity" = coalesce((SELECT max("severity") FROM "backup_jobs" WHERE "server_id" = "servers"."id"), 1);

CREATE INDEX "servers_sort_name_idx" ON "servers" ("sort_name");
CREATE INDEX "servers_severity_idx" ON "servers" ("severity");
CREATE INDEX "backup_jobs_sort_name_idx" ON "backup_jobs" ("sort_name");
CREATE INDEX "backup_jobs_severity_idx" ON "backup_jobs" ("severity");
