-- What a person says of a job, and indexes that answer every filter and order of runs.

PRAGMA defer_foreign_keys = ON;
PRAGMA foreign_keys = OFF;

CREATE TABLE "new_backup_jobs" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "server_id" INTEGER NOT NULL,
  "backup_id" TEXT,
  "name" TEXT NOT NULL,
  "alias" TEXT,
  "notes" TEXT,
  "created_at" DATETIME NOT NULL,
  "updated_at" DATETIME NOT NULL,
  "paused" BOOLEAN NOT NULL DEFAULT false,
  "latest_backup_id" INTEGER,
  "latest_at" DATETIME,
  "last_status" TEXT,
  "measured_at" DATETIME,
  "source_size" BIGINT,
  "stored_size" BIGINT,
  "versions" INTEGER,
  "scheduled_at" DATETIME,
  "next_scheduled_run" DATETIME,
  "due_at" DATETIME,
  "overdue_at" DATETIME,
  "runs" INTEGER NOT NULL DEFAULT 0,
  "succeeded" INTEGER NOT NULL DEFAULT 0,
  "warned" INTEGER NOT NULL DEFAULT 0,
  "failed" INTEGER NOT NULL DEFAULT 0,
  "uploaded_size" BIGINT NOT NULL DEFAULT 0,
  "dry_runs" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "backup_jobs_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "backup_jobs_latest_backup_id_fkey" FOREIGN KEY ("latest_backup_id") REFERENCES "backups" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
INSERT INTO "new_backup_jobs" (
  "id", "server_id", "backup_id", "name", "created_at", "updated_at", "paused", "latest_backup_id", "latest_at", "last_status",
  "measured_at", "source_size", "stored_size", "versions", "scheduled_at", "next_scheduled_run", "due_at", "overdue_at",
  "runs", "succeeded", "warned", "failed", "uploaded_size", "dry_runs"
) SELECT
  "id", "server_id", "backup_id", "name", "created_at", "created_at", "paused", "latest_backup_id", "latest_at", "last_status",
  "measured_at", "source_size", "stored_size", "versions", "scheduled_at", "next_scheduled_run", "due_at", "overdue_at",
  "runs", "succeeded", "warned", "failed", "uploaded_size", "dry_runs"
FROM "backup_jobs";
DROP TABLE "backup_jobs";
ALTER TABLE "new_backup_jobs" RENAME TO "backup_jobs";
CREATE UNIQUE INDEX "backup_jobs_latest_backup_id_key" ON "backup_jobs" ("latest_backup_id");
CREATE UNIQUE INDEX "backup_jobs_server_id_backup_id_key" ON "backup_jobs" ("server_id", "backup_id");
CREATE INDEX "backup_jobs_server_id_name_idx" ON "backup_jobs" ("server_id", "name");

-- The id is the last column of every order, and the status is judged inside the index.
DROP INDEX "backups_job_id_ordered_at_idx";
DROP INDEX "backups_server_id_ordered_at_idx";
DROP INDEX "backups_ordered_at_idx";
CREATE INDEX "backups_job_id_ordered_at_id_status_idx" ON "backups" ("job_id", "ordered_at", "id", "status");
CREATE INDEX "backups_server_id_ordered_at_id_status_idx" ON "backups" ("server_id", "ordered_at", "id", "status");
CREATE INDEX "backups_ordered_at_id_status_idx" ON "backups" ("ordered_at", "id", "status");
CREATE INDEX "backups_status_ordered_at_id_idx" ON "backups" ("status", "ordered_at", "id");

PRAGMA foreign_keys = ON;
PRAGMA defer_foreign_keys = OFF;
