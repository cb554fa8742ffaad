-- For how long runs, their logs, and what became of jobs are kept. Nothing is removed unless somebody says so.

ALTER TABLE "settings" ADD COLUMN "keep_days" INTEGER;
ALTER TABLE "settings" ADD COLUMN "keep_per_job" INTEGER;
ALTER TABLE "settings" ADD COLUMN "keep_log_days" INTEGER;

CREATE INDEX "notifications_created_at_status_idx" ON "notifications" ("created_at", "status");
