-- Which jobs a message is about, each as what. A message about several is about no single one: its job_id is null, and it stays when
-- one of them is removed.
CREATE TABLE "notification_jobs" (
    "notification_id" INTEGER NOT NULL,
    "job_id" INTEGER NOT NULL,
    "event" TEXT NOT NULL,
    "backup_id" INTEGER,
    "title" TEXT,
    "message" TEXT,
    "created_at" DATETIME NOT NULL,
    PRIMARY KEY ("notification_id", "job_id", "event"),
    CONSTRAINT "notification_jobs_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notifications" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
    CONSTRAINT "notification_jobs_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
    CONSTRAINT "notification_jobs_backup_id_fkey" FOREIGN KEY ("backup_id") REFERENCES "backups" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
INSERT INTO "notification_jobs" ("notification_id", "job_id", "event", "backup_id", "created_at")
SELECT "id", "job_id", "event", "backup_id", "created_at" FROM "notifications" WHERE "job_id" IS NOT NULL;
CREATE INDEX "notification_jobs_job_id_notification_id_idx" ON "notification_jobs"("job_id", "notification_id");
CREATE INDEX "notification_jobs_backup_id_idx" ON "notification_jobs"("backup_id");

-- Until when a message waits for more jobs of its server.
ALTER TABLE "notifications" ADD COLUMN "gathers_until" DATETIME;
