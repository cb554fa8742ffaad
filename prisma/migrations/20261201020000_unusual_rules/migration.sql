-- From where on something about a job is unusual, where that is not what is built in.
CREATE TABLE "unusual_rules" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "scope" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "job_id" INTEGER,
    "tag" TEXT,
    "threshold" REAL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "unusual_rules_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "unusual_rules_scope_kind_key" ON "unusual_rules" ("scope", "kind");
CREATE INDEX "unusual_rules_job_id_idx" ON "unusual_rules" ("job_id");

-- When it was told that the job had no success for too long.
ALTER TABLE "backup_jobs" ADD COLUMN "no_success_told_at" DATETIME;
