-- The digest of a channel: when it is sent, of which jobs, and what the last one said already.
CREATE TABLE "digests" (
    "channel_id" INTEGER NOT NULL PRIMARY KEY,
    "period" TEXT NOT NULL,
    "time_of_day" TEXT NOT NULL,
    "time_zone" TEXT,
    "weekday" TEXT,
    "tag" TEXT,
    "since_at" DATETIME NOT NULL,
    "counted_id" INTEGER NOT NULL,
    "next_at" DATETIME NOT NULL,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "digests_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);

-- A digest is about no single job: server_id and job_id may be null now. SQLite cannot drop a NOT NULL, so the table is made anew.
CREATE TABLE "new_notifications" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "channel_id" INTEGER NOT NULL,
    "server_id" INTEGER,
    "job_id" INTEGER,
    "backup_id" INTEGER,
    "event" TEXT NOT NULL,
    "reminder" BOOLEAN NOT NULL DEFAULT false,
    "title" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "priority" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "created_at" DATETIME NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" DATETIME,
    "ended_at" DATETIME,
    "answer" TEXT,
    CONSTRAINT "notifications_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
    CONSTRAINT "notifications_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
    CONSTRAINT "notifications_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
    CONSTRAINT "notifications_backup_id_fkey" FOREIGN KEY ("backup_id") REFERENCES "backups" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
INSERT INTO "new_notifications" (
    "id", "key", "channel_id", "server_id", "job_id", "backup_id", "event", "reminder", "title", "message", "priority", "tags", "subject",
    "created_at", "status", "attempts", "next_attempt_at", "ended_at", "answer"
)
SELECT
    "id", "key", "channel_id", "server_id", "job_id", "backup_id", "event", "reminder", "title", "message", "priority", "tags", "subject",
    "created_at", "status", "attempts", "next_attempt_at", "ended_at", "answer"
FROM "notifications";
-- The number of a message that was removed is not given again.
DELETE FROM "sqlite_sequence" WHERE "name" = 'new_notifications';
UPDATE "sqlite_sequence" SET "name" = 'new_notifications' WHERE "name" = 'notifications';
DROP TABLE "notifications";
ALTER TABLE "new_notifications" RENAME TO "notifications";
CREATE UNIQUE INDEX "notifications_key_key" ON "notifications" ("key");
CREATE INDEX "notifications_status_channel_id_next_attempt_at_idx" ON "notifications" ("status", "channel_id", "next_attempt_at", "id");
CREATE INDEX "notifications_status_id_idx" ON "notifications" ("status", "id");
CREATE INDEX "notifications_channel_id_id_status_idx" ON "notifications" ("channel_id", "id", "status");
CREATE INDEX "notifications_server_id_id_status_idx" ON "notifications" ("server_id", "id", "status");
CREATE INDEX "notifications_job_id_id_status_idx" ON "notifications" ("job_id", "id", "status");
CREATE INDEX "notifications_backup_id_idx" ON "notifications" ("backup_id");
CREATE INDEX "notifications_created_at_status_idx" ON "notifications" ("created_at", "status");
