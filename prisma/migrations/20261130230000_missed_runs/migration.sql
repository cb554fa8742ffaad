-- The due times that passed without a run, each until a run that met it is reported after all.
CREATE TABLE "missed_runs" (
    "job_id" INTEGER NOT NULL,
    "due_at" DATETIME NOT NULL,
    "from_at" DATETIME NOT NULL,
    "until_at" DATETIME,
    "recorded_at" DATETIME NOT NULL,
    PRIMARY KEY ("job_id", "due_at"),
    CONSTRAINT "missed_runs_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE INDEX "missed_runs_due_at_idx" ON "missed_runs"("due_at");

-- The due time that is missed next. The first start of this release sets it, and notes that it counts from then on.
ALTER TABLE "backup_jobs" ADD COLUMN "miss_due_at" DATETIME;
ALTER TABLE "settings" ADD COLUMN "missed_since" DATETIME;

-- The first and the last of the runs that were removed because they were old, by their places in time.
ALTER TABLE "backup_jobs" ADD COLUMN "pruned_from" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "pruned_until" DATETIME;
