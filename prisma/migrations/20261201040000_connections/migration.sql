-- The Duplicati of a server: where it is asked, with what, and what came of it last.
CREATE TABLE "connections" (
    "server_id" INTEGER NOT NULL PRIMARY KEY,
    "url" TEXT NOT NULL,
    "credential_kind" TEXT NOT NULL,
    "credential" TEXT NOT NULL DEFAULT '',
    "certificate_fingerprint" TEXT,
    "state" TEXT NOT NULL DEFAULT 'NEW',
    "checked_at" DATETIME,
    "problem" TEXT,
    "version" TEXT,
    "jobs" INTEGER,
    "reports_to_us" BOOLEAN,
    "missing" TEXT NOT NULL DEFAULT '[]',
    "proven_at" DATETIME,
    "created_at" DATETIME NOT NULL,
    "updated_at" DATETIME NOT NULL,
    CONSTRAINT "connections_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);

-- How far the log of a job there was read.
CREATE TABLE "collected_logs" (
    "server_id" INTEGER NOT NULL,
    "duplicati_id" TEXT NOT NULL,
    "row_id" INTEGER NOT NULL,
    "written_at" DATETIME NOT NULL,
    PRIMARY KEY ("server_id", "duplicati_id"),
    CONSTRAINT "collected_logs_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "connections" ("server_id") ON DELETE CASCADE ON UPDATE NO ACTION
);

-- Runs that a person removed, by the name of their job and the time in which they began: they are not collected again.
CREATE TABLE "removals" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "server_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "from_at" DATETIME NOT NULL,
    "until_at" DATETIME NOT NULL,
    CONSTRAINT "removals_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE INDEX "removals_server_id_name_idx" ON "removals" ("server_id", "name");

-- The schedule that Duplicati answered with, and when.
ALTER TABLE "backup_jobs" ADD COLUMN "asked_schedule" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "asked_at" DATETIME;

-- Before it is told that a job is overdue, its Duplicati is asked: for which due time, since when, until when nothing is told, since when
-- a run is under way there, and what else was found.
ALTER TABLE "backup_jobs" ADD COLUMN "held_for" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "held_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "held_until" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "running_since" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "finding" TEXT;

-- The password that an old release had for a server is the credential of its connection, which is encrypted for its address
-- already. One without an address stays where it is.
INSERT INTO "connections" ("server_id", "url", "credential_kind", "credential", "created_at", "updated_at")
SELECT "id", "url", 'PASSWORD', "password", "updated_at", "updated_at" FROM "servers" WHERE "password" IS NOT NULL AND "url" IS NOT NULL;
