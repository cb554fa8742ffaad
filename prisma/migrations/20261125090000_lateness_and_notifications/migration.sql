-- When jobs are due, what became of them, and whom it is told to.

-- What a job remembers of its runs beside what it had, and how it is watched. `state_since` is null until a start has judged
-- the job for the first time: its rules are not SQL.
ALTER TABLE "backup_jobs" ADD COLUMN "recent_runs" TEXT NOT NULL DEFAULT '[]';
ALTER TABLE "backup_jobs" ADD COLUMN "announced_run" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "lateness_watched" BOOLEAN NOT NULL DEFAULT true;
ALTER TABLE "backup_jobs" ADD COLUMN "schedule" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "legacy_schedule" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "tolerance_seconds" INTEGER;
ALTER TABLE "backup_jobs" ADD COLUMN "watch_from" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "schedule_source" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "interval" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "state" TEXT NOT NULL DEFAULT 'NEW';
ALTER TABLE "backup_jobs" ADD COLUMN "state_since" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "snoozed_until" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "acknowledged" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "acknowledged_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "told_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "reminded_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "next_event_at" DATETIME;

UPDATE "backup_jobs" SET
  -- A report is posted when its run ends: if it was received more than ten minutes, and no more than 14 hours, away from that,
  -- the machine's clock is wrong by as much. domain/schedule.ts has the rule.
  "recent_runs" = (
    SELECT json_group_array(json_array(l."at", l."duration_seconds") ORDER BY l."at", l."id") FROM (
      SELECT r.* FROM (
        SELECT b."id", b."duration_seconds", CASE
          WHEN b."began_at" IS NULL OR b."ended_at" IS NULL THEN b."ordered_at"
          WHEN abs(b."received_at" - b."ended_at") <= 600000 THEN b."ordered_at"
          WHEN b."received_at" - b."ended_at" > 50400000 THEN b."ordered_at"
          ELSE min(b."began_at" + b."received_at" - b."ended_at", b."received_at")
        END AS "at"
        FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun"
      ) r ORDER BY r."at" DESC, r."id" DESC LIMIT 10
    ) l
  ),
  -- A report cannot be received before its run has ended: a clock that is more than ten minutes ahead shows, and announces
  -- too late by as much.
  "announced_run" = (
    SELECT b."next_scheduled_run" - CASE
      WHEN b."ended_at" - b."received_at" > 600000 THEN b."ended_at" - b."received_at" ELSE 0
    END
    FROM "backups" b
    WHERE b."job_id" = "backup_jobs"."id" AND b."ordered_at" = "backup_jobs"."scheduled_at" AND NOT b."dryrun"
      AND b."next_scheduled_run" IS NOT NULL
    ORDER BY b."id" DESC LIMIT 1
  );

CREATE INDEX "backup_jobs_next_event_at_idx" ON "backup_jobs" ("next_event_at");
CREATE INDEX "backup_jobs_state_idx" ON "backup_jobs" ("state");

CREATE TABLE "transitions" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "server_id" INTEGER NOT NULL,
  "job_id" INTEGER NOT NULL,
  "from_state" TEXT NOT NULL,
  "to_state" TEXT NOT NULL,
  "at" DATETIME NOT NULL,
  "recorded_at" DATETIME NOT NULL,
  "why" TEXT NOT NULL,
  "backup_id" INTEGER,
  CONSTRAINT "transitions_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "transitions_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "transitions_backup_id_fkey" FOREIGN KEY ("backup_id") REFERENCES "backups" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
CREATE INDEX "transitions_at_id_idx" ON "transitions" ("at", "id");
CREATE INDEX "transitions_server_id_at_id_idx" ON "transitions" ("server_id", "at", "id");
CREATE INDEX "transitions_job_id_at_id_idx" ON "transitions" ("job_id", "at", "id");
CREATE INDEX "transitions_backup_id_idx" ON "transitions" ("backup_id");

CREATE TABLE "channels" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "kind" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "settings" TEXT NOT NULL,
  "secrets" TEXT,
  "created_at" DATETIME NOT NULL,
  "updated_at" DATETIME NOT NULL
);

CREATE TABLE "notification_rules" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "channel_id" INTEGER NOT NULL,
  "scope" TEXT NOT NULL,
  "server_id" INTEGER,
  "job_id" INTEGER,
  "events" TEXT NOT NULL,
  "repeat" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "updated_at" DATETIME NOT NULL,
  CONSTRAINT "notification_rules_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "notification_rules_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "notification_rules_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "notification_rules_scope_channel_id_key" ON "notification_rules" ("scope", "channel_id");
CREATE INDEX "notification_rules_channel_id_idx" ON "notification_rules" ("channel_id");
CREATE INDEX "notification_rules_server_id_idx" ON "notification_rules" ("server_id");
CREATE INDEX "notification_rules_job_id_idx" ON "notification_rules" ("job_id");

CREATE TABLE "notification_templates" (
  "event" TEXT NOT NULL PRIMARY KEY,
  "title" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "priority" TEXT NOT NULL,
  "tags" TEXT NOT NULL
);

CREATE TABLE "settings" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "tolerance_seconds" INTEGER NOT NULL DEFAULT 3600,
  "time_zone" TEXT,
  "legacy_adopted_at" DATETIME,
  "updated_at" DATETIME
);
INSERT INTO "settings" ("id") VALUES (1);

CREATE TABLE "notifications" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "key" TEXT NOT NULL,
  "channel_id" INTEGER NOT NULL,
  "server_id" INTEGER NOT NULL,
  "job_id" INTEGER NOT NULL,
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
CREATE UNIQUE INDEX "notifications_key_key" ON "notifications" ("key");
CREATE INDEX "notifications_status_channel_id_id_idx" ON "notifications" ("status", "channel_id", "id");
CREATE INDEX "notifications_status_id_idx" ON "notifications" ("status", "id");
CREATE INDEX "notifications_channel_id_id_status_idx" ON "notifications" ("channel_id", "id", "status");
CREATE INDEX "notifications_server_id_id_status_idx" ON "notifications" ("server_id", "id", "status");
CREATE INDEX "notifications_job_id_id_status_idx" ON "notifications" ("job_id", "id", "status");
CREATE INDEX "notifications_backup_id_idx" ON "notifications" ("backup_id");
