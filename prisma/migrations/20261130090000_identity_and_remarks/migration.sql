-- Whose a run is, what its evidence says, and which runs count.

-- What each run keeps of the marks it came with. What old runs do not tell stays null.
ALTER TABLE "backups" ADD COLUMN "origin" TEXT NOT NULL DEFAULT 'REPORTED';
ALTER TABLE "backups" ADD COLUMN "machine_id" TEXT;
ALTER TABLE "backups" ADD COLUMN "machine_name" TEXT;
ALTER TABLE "backups" ADD COLUMN "prevented" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "backups" ADD COLUMN "as_text" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "backups" ADD COLUMN "acknowledged" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "backups" ADD COLUMN "remarks" TEXT;

UPDATE "backups" SET "origin" = 'TAKEN_OVER' WHERE "legacy_id" IS NOT NULL;

-- A script before the run stopped it: it saved nothing. A success that it states is none.
UPDATE "backups" SET "prevented" = true,
  "status" = CASE "status" WHEN 'ERROR' THEN 'ERROR' WHEN 'WARNING' THEN
    CASE lower(coalesce("parsed_result", '')) WHEN 'warning' THEN 'WARNING' ELSE 'UNKNOWN' END ELSE 'UNKNOWN' END,
  "remarks" = '[{"kind":"PREVENTED","message":"The backup was not let begin: a script before it stopped it. Nothing was saved."}]'
WHERE "interrupted" AND NOT "partial_backup" AND "exception" IS NULL AND "status" <> 'FATAL'
  AND "examined_files" = 0 AND "opened_files" = 0 AND "added_files" = 0 AND "modified_files" = 0 AND "deleted_files" = 0
  AND coalesce("source_size", 0) = 0 AND "uploaded_size" = 0 AND "bytes_downloaded" = 0 AND "remote_calls" = 0
  AND "files_uploaded" = 0 AND coalesce("known_file_size", 0) = 0 AND coalesce("backup_list_count", 0) = 0;

-- Two runs of one begin can both be there: those of two machines that share an id.
DROP INDEX "backups_job_id_main_operation_began_at_key";
CREATE INDEX "backups_job_id_main_operation_began_at_idx" ON "backups" ("job_id", "main_operation", "began_at");

-- A machine-id counts together with a name once two machines were seen to share it.
CREATE TABLE "new_machine_ids" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL DEFAULT '',
  "server_id" INTEGER NOT NULL,
  CONSTRAINT "machine_ids_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("id", "name")
);
INSERT INTO "new_machine_ids" ("id", "server_id") SELECT "id", "server_id" FROM "machine_ids";
DROP TABLE "machine_ids";
ALTER TABLE "new_machine_ids" RENAME TO "machine_ids";
CREATE INDEX "machine_ids_server_id_idx" ON "machine_ids" ("server_id");

CREATE TABLE "machine_names" (
  "machine_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "first_at" DATETIME NOT NULL,
  "last_at" DATETIME NOT NULL,
  PRIMARY KEY ("machine_id", "name")
);
-- The name that the latest report of its server had. Which names were there before, nobody knows.
INSERT INTO "machine_names" ("machine_id", "name", "first_at", "last_at")
SELECT m."id", s."name", coalesce(b."ordered_at", s."created_at"), coalesce(b."ordered_at", s."created_at")
FROM "machine_ids" m JOIN "servers" s ON s."id" = m."server_id" LEFT JOIN "backups" b ON b."id" = s."latest_backup_id";

-- The ids of a job: with the machine-id that its server has, or with none where it has several or none.
CREATE TABLE "backup_ids" (
  "job_id" INTEGER NOT NULL,
  "machine_id" TEXT NOT NULL,
  "backup_id" TEXT NOT NULL,
  "last_at" DATETIME,
  "succeeded_at" DATETIME,
  CONSTRAINT "backup_ids_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("job_id", "machine_id", "backup_id")
);
CREATE INDEX "backup_ids_backup_id_machine_id_idx" ON "backup_ids" ("backup_id", "machine_id");
INSERT INTO "backup_ids" ("job_id", "machine_id", "backup_id", "last_at")
SELECT j."id", coalesce((SELECT CASE count(*) WHEN 1 THEN min(m."id") END FROM "machine_ids" m WHERE m."server_id" = j."server_id"), ''),
  j."backup_id", j."latest_at"
FROM "backup_jobs" j WHERE j."backup_id" IS NOT NULL;
DROP INDEX "backup_jobs_server_id_backup_id_key";

ALTER TABLE "settings" ADD COLUMN "alive_at" DATETIME;
ALTER TABLE "settings" ADD COLUMN "away_from" DATETIME;
ALTER TABLE "settings" ADD COLUMN "away_until" DATETIME;

-- What a job remembers of its runs.
ALTER TABLE "backup_jobs" ADD COLUMN "last_stopped" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "backup_jobs" ADD COLUMN "conclusive_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "conclusive_status" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "last_success_id" INTEGER REFERENCES "backups" ("id") ON DELETE SET NULL ON UPDATE NO ACTION;
ALTER TABLE "backup_jobs" ADD COLUMN "last_success_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "baseline_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "baseline_files" BIGINT;
ALTER TABLE "backup_jobs" ADD COLUMN "baseline_size" BIGINT;
ALTER TABLE "backup_jobs" ADD COLUMN "baseline_versions" INTEGER;
ALTER TABLE "backup_jobs" ADD COLUMN "open_trouble" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "trouble_ended" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "backup_jobs" ADD COLUMN "failed_told_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "failed_reminded_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "failed_reason" TEXT;
ALTER TABLE "backup_jobs" ADD COLUMN "owed_at" DATETIME;
ALTER TABLE "backup_jobs" ADD COLUMN "prevented_runs" INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX "backup_jobs_last_success_id_key" ON "backup_jobs" ("last_success_id");

-- Jobs with prevented runs add up anew what is left without them, and are judged by the next start, which tells nobody.
CREATE TABLE "recounted" ("id" INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "recounted" SELECT DISTINCT "job_id" FROM "backups" WHERE "prevented" AND NOT "dryrun";
UPDATE "backup_jobs" SET
  "runs" = (SELECT count(*) FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented"),
  "succeeded" = (SELECT count(*) FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented" AND b."status" = 'SUCCESS'),
  "warned" = (SELECT count(*) FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented" AND b."status" IN ('WARNING', 'UNKNOWN')),
  "failed" = (SELECT count(*) FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented" AND b."status" IN ('ERROR', 'FATAL')),
  "prevented_runs" = (SELECT count(*) FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND b."prevented"),
  "latest_backup_id" = (
    SELECT b."id" FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented"
    ORDER BY b."ordered_at" DESC, b."id" DESC LIMIT 1
  ),
  ("measured_at", "source_size", "stored_size", "versions") = (
    SELECT b."ordered_at", b."source_size", b."known_file_size", b."backup_list_count" FROM "backups" b
    WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented" AND b."known_file_size" IS NOT NULL
    ORDER BY b."ordered_at" DESC, b."id" DESC LIMIT 1
  ),
  ("scheduled_at", "next_scheduled_run", "announced_run") = (
    SELECT b."ordered_at", b."next_scheduled_run", b."next_scheduled_run" - CASE
      WHEN b."ended_at" - b."received_at" > 600000 THEN b."ended_at" - b."received_at" ELSE 0
    END FROM "backups" b
    WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented" AND b."next_scheduled_run" IS NOT NULL
    ORDER BY b."ordered_at" DESC, b."id" DESC LIMIT 1
  ),
  "recent_runs" = (
    SELECT json_group_array(json_array(l."at", l."duration_seconds") ORDER BY l."at", l."id") FROM (
      SELECT r.* FROM (
        SELECT b."id", b."duration_seconds", CASE
          WHEN b."began_at" IS NULL OR b."ended_at" IS NULL THEN b."ordered_at"
          WHEN abs(b."received_at" - b."ended_at") <= 600000 THEN b."ordered_at"
          WHEN b."received_at" - b."ended_at" > 50400000 THEN b."ordered_at"
          ELSE min(b."began_at" + b."received_at" - b."ended_at", b."received_at")
        END AS "at"
        FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented"
      ) r ORDER BY r."at" DESC, r."id" DESC LIMIT 10
    ) l
  ),
  "state_since" = NULL
WHERE "id" IN (SELECT "id" FROM "recounted");
UPDATE "backup_jobs" SET ("latest_at", "last_status") = (
  SELECT b."ordered_at", b."status" FROM "backups" b WHERE b."id" = "backup_jobs"."latest_backup_id"
) WHERE "id" IN (SELECT "id" FROM "recounted");
UPDATE "servers" SET "latest_backup_id" = NULL WHERE "id" IN (SELECT "server_id" FROM "backup_jobs" WHERE "id" IN (SELECT "id" FROM "recounted"));
UPDATE "servers" SET "latest_backup_id" = (
  SELECT "latest_backup_id" FROM "backup_jobs" WHERE "server_id" = "servers"."id" AND "latest_backup_id" IS NOT NULL
  ORDER BY "latest_at" DESC, "latest_backup_id" DESC LIMIT 1
) WHERE "id" IN (SELECT "server_id" FROM "backup_jobs" WHERE "id" IN (SELECT "id" FROM "recounted"));
DROP TABLE "recounted";

-- A run that failed or was stopped within ten minutes says nothing of how long runs take. Those that are not kept any more stay.
UPDATE "backup_jobs" SET "recent_runs" = (
  SELECT json_group_array(json_array(json_extract(r."value", '$[0]'), CASE WHEN NOT EXISTS (
    SELECT 1 FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented"
      AND b."ordered_at" BETWEEN json_extract(r."value", '$[0]') - 50400000 AND json_extract(r."value", '$[0]') + 31622400000
      AND b."duration_seconds" = json_extract(r."value", '$[1]') AND b."duration_seconds" < 600
      AND (b."status" IN ('ERROR', 'FATAL') OR b."interrupted" OR b."partial_backup")
      AND json_extract(r."value", '$[0]') = CASE
        WHEN b."began_at" IS NULL OR b."ended_at" IS NULL THEN b."ordered_at"
        WHEN abs(b."received_at" - b."ended_at") <= 600000 THEN b."ordered_at"
        WHEN b."received_at" - b."ended_at" > 50400000 THEN b."ordered_at"
        ELSE min(b."began_at" + b."received_at" - b."ended_at", b."received_at")
      END
  ) THEN json_extract(r."value", '$[1]') END) ORDER BY r."key") FROM json_each("backup_jobs"."recent_runs") r
);

-- A clock that was ahead shows by the begin of a run as well as by its end.
UPDATE "backup_jobs" SET "announced_run" = coalesce((
  SELECT CASE WHEN b."began_at" - b."received_at" > 600000 THEN
    b."next_scheduled_run" - max(b."began_at", coalesce(b."ended_at", b."began_at")) + b."received_at"
  END FROM "backups" b
  WHERE b."job_id" = "backup_jobs"."id" AND b."ordered_at" = "backup_jobs"."scheduled_at"
    AND NOT b."dryrun" AND NOT b."prevented" AND b."next_scheduled_run" IS NOT NULL
  ORDER BY b."id" DESC LIMIT 1
), "announced_run") WHERE "scheduled_at" IS NOT NULL;

UPDATE "backup_jobs" SET
  "last_stopped" = coalesce((
    SELECT (b."interrupted" OR b."partial_backup") AND b."status" NOT IN ('ERROR', 'FATAL') FROM "backups" b
    WHERE b."id" = "backup_jobs"."latest_backup_id"
  ), false),
  ("conclusive_at", "conclusive_status") = (
    SELECT b."ordered_at", b."status" FROM "backups" b
    WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented"
      AND (b."status" IN ('ERROR', 'FATAL') OR b."status" IN ('SUCCESS', 'WARNING') AND NOT b."interrupted" AND NOT b."partial_backup")
    ORDER BY b."ordered_at" DESC, b."id" DESC LIMIT 1
  ),
  ("last_success_id", "last_success_at", "baseline_at", "baseline_files", "baseline_size", "baseline_versions") = (
    SELECT b."id", b."ordered_at", b."ordered_at", b."examined_files", b."source_size", b."backup_list_count" FROM "backups" b
    WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND NOT b."prevented" AND b."status" = 'SUCCESS'
    ORDER BY b."ordered_at" DESC, b."id" DESC LIMIT 1
  ),
  "open_trouble" = CASE
    WHEN "paused" THEN NULL
    WHEN "state" = 'OVERDUE' AND "told_at" IS NOT NULL THEN 'OVERDUE'
    WHEN "last_status" IN ('ERROR', 'FATAL') AND "snoozed_until" IS NULL THEN 'FAILED'
  END,
  "failed_told_at" = CASE WHEN "last_status" IN ('ERROR', 'FATAL') THEN "latest_at" END,
  "failed_reminded_at" = CASE WHEN "last_status" IN ('ERROR', 'FATAL') THEN "latest_at" END;
