-- All that the figures over everything add up, so that they need not read the jobs themselves.

CREATE INDEX "backup_jobs_summary_idx" ON "backup_jobs" ("latest_at", "runs", "uploaded_size", "stored_size", "source_size");
