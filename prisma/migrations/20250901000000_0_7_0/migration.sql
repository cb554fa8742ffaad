-- Release 0.7.0: machines become servers, with alias, notes, url, created_at and updated_at.
--
-- SQLite refuses the guide's ADD COLUMN … DEFAULT CURRENT_TIMESTAMP on a table with rows, and its format is not ours: the
-- columns come empty and are filled from what is known. Times are milliseconds since 1970; text is read as SQLite does.

ALTER TABLE "machines" RENAME TO "servers";
ALTER TABLE "servers" ADD COLUMN "alias" TEXT;
ALTER TABLE "servers" ADD COLUMN "notes" TEXT;
ALTER TABLE "servers" ADD COLUMN "url" TEXT;
ALTER TABLE "servers" ADD COLUMN "updated_at" DATETIME;
ALTER TABLE "backups" RENAME COLUMN "machine_id" TO "server_id";
DROP INDEX "backups_machine_id_idx";
CREATE INDEX "backups_server_id_idx" ON "backups" ("server_id");

UPDATE "servers" SET "last_seen" = CAST(round(unixepoch("last_seen", 'subsec') * 1000) AS INTEGER) WHERE typeof("last_seen") = 'text';
UPDATE "servers" SET "created_at" = CAST(round(unixepoch("created_at", 'subsec') * 1000) AS INTEGER) WHERE typeof("created_at") = 'text';

-- A release without last_seen still knew when each report came in.
UPDATE "servers" SET "last_seen" = (
  SELECT max(CASE typeof(b."created_at") WHEN 'text' THEN CAST(round(unixepoch(b."created_at", 'subsec') * 1000) AS INTEGER) ELSE b."created_at" END)
  FROM "backups" b WHERE b."server_id" = "servers"."id"
) WHERE "last_seen" IS NULL;

UPDATE "servers" SET "created_at" = coalesce("created_at", "last_seen", CAST(unixepoch('subsec') * 1000 AS INTEGER));
UPDATE "servers" SET "updated_at" = "created_at";
UPDATE "servers" SET "alias" = "name" WHERE "alias" IS NULL;
