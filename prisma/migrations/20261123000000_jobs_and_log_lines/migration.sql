-- Our own model: jobs with their latest run and totals, machine-ids and log lines in tables of their own, runs numbered in
-- the order of receipt, every time in milliseconds since 1970. Old rows are carried along.

PRAGMA defer_foreign_keys = ON;
PRAGMA foreign_keys = OFF;

-- Servers: a number that is never given twice, and Duplicati's machine-ids beside it.

CREATE TABLE "new_servers" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "name" TEXT NOT NULL,
  "alias" TEXT,
  "notes" TEXT,
  "url" TEXT,
  "last_seen" DATETIME,
  "created_at" DATETIME NOT NULL,
  "updated_at" DATETIME NOT NULL,
  "latest_backup_id" INTEGER,
  CONSTRAINT "servers_latest_backup_id_fkey" FOREIGN KEY ("latest_backup_id") REFERENCES "backups" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
INSERT INTO "new_servers" ("id", "name", "alias", "notes", "url", "last_seen", "created_at", "updated_at")
  SELECT "id", "name", "alias", "notes", "url", "last_seen", "created_at", "updated_at" FROM "servers" ORDER BY "id";

CREATE TABLE "machine_ids" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "server_id" INTEGER NOT NULL,
  CONSTRAINT "machine_ids_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
INSERT INTO "machine_ids" ("id", "server_id") SELECT "machine_id", "id" FROM "servers" WHERE "machine_id" <> '';

-- Jobs: one per server and backup-id; rows without a backup-id belong together by name, rows with neither to "unknown".

CREATE TABLE "backup_jobs" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "server_id" INTEGER NOT NULL,
  "backup_id" TEXT,
  "name" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "paused" BOOLEAN NOT NULL DEFAULT false,
  "latest_backup_id" INTEGER,
  "latest_at" DATETIME,
  "last_status" TEXT,
  "measured_at" DATETIME,
  "source_size" BIGINT,
  "stored_size" BIGINT,
  "versions" INTEGER,
  "scheduled_at" DATETIME,
  "next_scheduled_run" DATETIME,
  "due_at" DATETIME,
  "overdue_at" DATETIME,
  "runs" INTEGER NOT NULL DEFAULT 0,
  "succeeded" INTEGER NOT NULL DEFAULT 0,
  "warned" INTEGER NOT NULL DEFAULT 0,
  "failed" INTEGER NOT NULL DEFAULT 0,
  "uploaded_size" BIGINT NOT NULL DEFAULT 0,
  "dry_runs" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "backup_jobs_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "backup_jobs_latest_backup_id_fkey" FOREIGN KEY ("latest_backup_id") REFERENCES "backups" ("id") ON DELETE SET NULL ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "backup_jobs_latest_backup_id_key" ON "backup_jobs" ("latest_backup_id");
CREATE UNIQUE INDEX "backup_jobs_server_id_backup_id_key" ON "backup_jobs" ("server_id", "backup_id");
CREATE INDEX "backup_jobs_server_id_name_idx" ON "backup_jobs" ("server_id", "name");

-- The name is the latest row's; the jobs are numbered in the order in which their first rows came.
INSERT INTO "backup_jobs" ("server_id", "backup_id", "name", "created_at")
  SELECT "server_id", "job", "name", coalesce("since", CAST(unixepoch('subsec') * 1000 AS INTEGER))
  FROM (
    SELECT *, row_number() OVER (PARTITION BY "server_id", "job", "label" ORDER BY "at" DESC, "place" DESC) AS "rank",
      min("place") OVER (PARTITION BY "server_id", "job", "label") AS "first",
      min("received") OVER (PARTITION BY "server_id", "job", "label") AS "since"
    FROM (
      SELECT "server_id", nullif("backup_id", '') AS "job", "rowid" AS "place",
        coalesce(nullif("backup_name", ''), nullif("backup_id", ''), 'unknown') AS "name",
        CASE WHEN nullif("backup_id", '') IS NULL THEN coalesce(nullif("backup_name", ''), 'unknown') END AS "label",
        CASE typeof(coalesce("begin_time", "date", "created_at")) WHEN 'text' THEN CAST(round(unixepoch(coalesce("begin_time", "date", "created_at"), 'subsec') * 1000) AS INTEGER) ELSE coalesce("begin_time", "date", "created_at") END AS "at",
        CASE typeof("created_at") WHEN 'text' THEN CAST(round(unixepoch("created_at", 'subsec') * 1000) AS INTEGER) ELSE "created_at" END AS "received"
      FROM "backups"
    )
  ) WHERE "rank" = 1 ORDER BY "first";

-- Runs.

CREATE TABLE "new_backups" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "server_id" INTEGER NOT NULL,
  "job_id" INTEGER NOT NULL,
  "legacy_id" TEXT,
  "backup_id" TEXT,
  "backup_name" TEXT,
  "main_operation" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "parsed_result" TEXT,
  "began_at" DATETIME,
  "ended_at" DATETIME,
  "received_at" DATETIME NOT NULL,
  "ordered_at" DATETIME NOT NULL,
  "duration_seconds" REAL,
  "body_hash" TEXT,
  "version" TEXT,
  "dryrun" BOOLEAN NOT NULL DEFAULT false,
  "partial_backup" BOOLEAN NOT NULL DEFAULT false,
  "interrupted" BOOLEAN NOT NULL DEFAULT false,
  "messages" INTEGER NOT NULL DEFAULT 0,
  "warnings" INTEGER NOT NULL DEFAULT 0,
  "errors" INTEGER NOT NULL DEFAULT 0,
  "exception" TEXT,
  "log_lines_dropped" INTEGER NOT NULL DEFAULT 0,
  "examined_files" BIGINT NOT NULL DEFAULT 0,
  "opened_files" BIGINT NOT NULL DEFAULT 0,
  "added_files" BIGINT NOT NULL DEFAULT 0,
  "modified_files" BIGINT NOT NULL DEFAULT 0,
  "deleted_files" BIGINT NOT NULL DEFAULT 0,
  "timestamp_changed_files" BIGINT NOT NULL DEFAULT 0,
  "not_processed_files" BIGINT NOT NULL DEFAULT 0,
  "too_large_files" BIGINT NOT NULL DEFAULT 0,
  "files_with_error" BIGINT NOT NULL DEFAULT 0,
  "added_folders" BIGINT NOT NULL DEFAULT 0,
  "modified_folders" BIGINT NOT NULL DEFAULT 0,
  "deleted_folders" BIGINT NOT NULL DEFAULT 0,
  "added_symlinks" BIGINT NOT NULL DEFAULT 0,
  "modified_symlinks" BIGINT NOT NULL DEFAULT 0,
  "deleted_symlinks" BIGINT NOT NULL DEFAULT 0,
  "source_size" BIGINT,
  "size_of_opened_files" BIGINT NOT NULL DEFAULT 0,
  "size_of_added_files" BIGINT NOT NULL DEFAULT 0,
  "size_of_modified_files" BIGINT NOT NULL DEFAULT 0,
  "uploaded_size" BIGINT NOT NULL DEFAULT 0,
  "bytes_downloaded" BIGINT NOT NULL DEFAULT 0,
  "known_file_size" BIGINT,
  "known_file_count" BIGINT,
  "backup_list_count" INTEGER,
  "unknown_file_size" BIGINT NOT NULL DEFAULT 0,
  "unknown_file_count" BIGINT NOT NULL DEFAULT 0,
  "last_backup_date" DATETIME,
  "remote_calls" BIGINT NOT NULL DEFAULT 0,
  "files_uploaded" BIGINT NOT NULL DEFAULT 0,
  "files_downloaded" BIGINT NOT NULL DEFAULT 0,
  "files_deleted" BIGINT NOT NULL DEFAULT 0,
  "folders_created" BIGINT NOT NULL DEFAULT 0,
  "retry_attempts" BIGINT NOT NULL DEFAULT 0,
  "total_quota_space" BIGINT,
  "free_quota_space" BIGINT,
  "assigned_quota_space" BIGINT,
  "reported_quota_error" BOOLEAN NOT NULL DEFAULT false,
  "reported_quota_warning" BOOLEAN NOT NULL DEFAULT false,
  "operating_system" TEXT,
  "operating_system_detailed" TEXT,
  "installation_type" TEXT,
  "update_channel" TEXT,
  "destination_type" TEXT,
  "destination_host_suffix" TEXT,
  "next_scheduled_run" DATETIME,
  "available_backups" TEXT,
  "sub_results" TEXT,
  "legacy" TEXT,
  CONSTRAINT "backups_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  CONSTRAINT "backups_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);

-- The numbers follow the order of the old rows. A time before 1970 is Duplicati's "not set". A failed run's zero at the
-- destination means that it was not listed. What reports no longer fill is kept in "legacy" where it says something new.
INSERT INTO "new_backups" (
  "server_id", "job_id", "legacy_id", "backup_id", "backup_name", "main_operation", "status", "parsed_result", "began_at", "ended_at", "received_at", "ordered_at", "duration_seconds", "version", "dryrun", "partial_backup", "interrupted", "messages", "warnings", "errors", "examined_files", "opened_files", "added_files", "modified_files", "deleted_files", "not_processed_files", "too_large_files", "files_with_error", "added_folders", "modified_folders", "deleted_folders", "added_symlinks", "modified_symlinks", "deleted_symlinks", "source_size", "size_of_opened_files", "size_of_added_files", "size_of_modified_files", "uploaded_size", "bytes_downloaded", "known_file_size", "backup_list_count", "last_backup_date", "reported_quota_error", "reported_quota_warning", "available_backups", "legacy"
)
SELECT
  o."server_id",
  j."id",
  o."id",
  nullif(o."backup_id", ''),
  nullif(o."backup_name", ''),
  coalesce(nullif(o."main_operation", ''), 'Backup'),
  CASE lower(o."status") WHEN 'success' THEN 'SUCCESS' WHEN 'warning' THEN 'WARNING' WHEN 'error' THEN 'ERROR' WHEN 'failed' THEN 'ERROR' WHEN 'fatal' THEN 'FATAL' ELSE 'UNKNOWN' END,
  o."parsed_result",
  o."began_at",
  o."ended_at",
  o."received_at",
  min(coalesce(o."began_at", o."received_at"), o."received_at"),
  o."duration_seconds",
  o."version",
  o."dryrun",
  o."partial_backup",
  o."interrupted",
  o."messages_actual_length",
  max(o."warnings", o."warnings_actual_length"),
  max(o."errors", o."errors_actual_length"),
  o."examined_files",
  o."opened_files",
  o."added_files",
  o."modified_files",
  o."deleted_files",
  o."not_processed_files",
  o."too_large_files",
  o."files_with_error",
  o."added_folders",
  o."modified_folders",
  o."deleted_folders",
  o."added_symlinks",
  o."modified_symlinks",
  o."deleted_symlinks",
  CASE WHEN lower(o."status") = 'fatal' AND o."size_of_examined_files" = 0 AND o."size" = 0 THEN NULL ELSE max(o."size_of_examined_files", o."size") END,
  o."size_of_opened_files",
  o."size_of_added_files",
  o."size_of_modified_files",
  o."uploaded_size",
  o."bytes_downloaded",
  CASE WHEN lower(o."status") = 'fatal' AND o."known_file_size" = 0 AND o."backup_list_count" = 0 THEN NULL ELSE o."known_file_size" END,
  CASE WHEN lower(o."status") = 'fatal' AND o."known_file_size" = 0 AND o."backup_list_count" = 0 THEN NULL ELSE o."backup_list_count" END,
  o."listed_at",
  o."reported_quota_error",
  o."reported_quota_warning",
  o."available_backups",
  nullif(json_patch('{}', json_object(
    'date', CASE WHEN o."date" IS NOT o."begin_time" THEN o."date" END,
    'size', CASE WHEN o."size" <> o."size_of_examined_files" THEN o."size" END,
    'size_of_examined_files', CASE WHEN o."size" <> o."size_of_examined_files" THEN o."size_of_examined_files" END,
    'warnings', CASE WHEN o."warnings" <> o."warnings_actual_length" THEN o."warnings" END,
    'warnings_actual_length', CASE WHEN o."warnings" <> o."warnings_actual_length" THEN o."warnings_actual_length" END,
    'errors', CASE WHEN o."errors" <> o."errors_actual_length" THEN o."errors" END,
    'errors_actual_length', CASE WHEN o."errors" <> o."errors_actual_length" THEN o."errors_actual_length" END,
    'status', CASE WHEN lower(o."status") NOT IN ('success', 'warning', 'error', 'fatal', 'unknown') THEN o."status" END,
    'backend_main_operation', CASE WHEN o."backend_main_operation" IS NOT o."main_operation" THEN o."backend_main_operation" END,
    'backend_parsed_result', CASE WHEN o."backend_parsed_result" IS NOT o."parsed_result" THEN o."backend_parsed_result" END,
    'backend_interrupted', CASE WHEN o."backend_interrupted" THEN 1 END,
    'backend_version', CASE WHEN o."backend_version" IS NOT o."version" THEN o."backend_version" END,
    'backend_begin_time', CASE WHEN o."backend_begin_time" IS NOT o."begin_time" THEN o."backend_begin_time" END,
    'backend_duration', CASE WHEN o."backend_duration" NOT IN ('', '00:00:00') THEN o."backend_duration" END,
    'backend_warnings_actual_length', nullif(o."backend_warnings_actual_length", 0),
    'backend_errors_actual_length', nullif(o."backend_errors_actual_length", 0)
  )), '{}')
FROM (
  SELECT *, "rowid" AS "place",
    CASE WHEN "began" > 0 THEN "began" END AS "began_at",
    CASE WHEN "ended" > 0 THEN "ended" END AS "ended_at",
    CASE WHEN "listed" > 0 THEN "listed" END AS "listed_at",
    coalesce("received", "began", CAST(unixepoch('subsec') * 1000 AS INTEGER)) AS "received_at"
  FROM (
    SELECT *, "rowid",
      CASE typeof(coalesce("begin_time", "date")) WHEN 'text' THEN CAST(round(unixepoch(coalesce("begin_time", "date"), 'subsec') * 1000) AS INTEGER) ELSE coalesce("begin_time", "date") END AS "began",
      CASE typeof("end_time") WHEN 'text' THEN CAST(round(unixepoch("end_time", 'subsec') * 1000) AS INTEGER) ELSE "end_time" END AS "ended",
      CASE typeof("last_backup_date") WHEN 'text' THEN CAST(round(unixepoch("last_backup_date", 'subsec') * 1000) AS INTEGER) ELSE "last_backup_date" END AS "listed",
      CASE typeof("created_at") WHEN 'text' THEN CAST(round(unixepoch("created_at", 'subsec') * 1000) AS INTEGER) ELSE "created_at" END AS "received"
    FROM "backups"
  )
) o
JOIN "backup_jobs" j ON j."server_id" = o."server_id" AND j."backup_id" IS nullif(o."backup_id", '')
  AND (j."backup_id" IS NOT NULL OR j."name" = coalesce(nullif(o."backup_name", ''), 'unknown'))
ORDER BY o."place";

-- Log lines: what the old file kept as JSON arrays.

CREATE TABLE "log_lines" (
  "backup_id" INTEGER NOT NULL,
  "level" TEXT NOT NULL,
  "sequence" INTEGER NOT NULL,
  "text" TEXT NOT NULL,
  PRIMARY KEY ("backup_id", "level", "sequence"),
  CONSTRAINT "log_lines_backup_id_fkey" FOREIGN KEY ("backup_id") REFERENCES "backups" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
) WITHOUT ROWID;

-- new_backups was filled in rowid order from an empty table, so its ids are the ranks of the old rows. The arrays say
-- nothing about the order among them: errors come first, then warnings, then messages.
CREATE TEMP TABLE "places" AS SELECT "rowid" AS "place", row_number() OVER (ORDER BY "rowid") AS "id" FROM "backups";
INSERT INTO "log_lines" ("backup_id", "level", "sequence", "text")
  SELECT o."id", o."level", o."before" + line."key", CAST(coalesce(line."value", '') AS TEXT)
  FROM (
    SELECT p."id", 'ERROR' AS "level", 0 AS "before", b."errors_array" AS "lines"
      FROM "places" p JOIN "backups" b ON b."rowid" = p."place"
    UNION ALL
    SELECT p."id", 'WARNING', coalesce(json_array_length(b."errors_array"), 0), b."warnings_array"
      FROM "places" p JOIN "backups" b ON b."rowid" = p."place"
    UNION ALL
    SELECT p."id", 'INFORMATION', coalesce(json_array_length(b."errors_array"), 0) + coalesce(json_array_length(b."warnings_array"), 0), b."messages_array"
      FROM "places" p JOIN "backups" b ON b."rowid" = p."place"
  ) o JOIN json_each(o."lines") line;
DROP TABLE "places";

DROP TABLE "backups";
ALTER TABLE "new_backups" RENAME TO "backups";
DROP TABLE "servers";
ALTER TABLE "new_servers" RENAME TO "servers";

CREATE UNIQUE INDEX "servers_latest_backup_id_key" ON "servers" ("latest_backup_id");
CREATE INDEX "servers_name_idx" ON "servers" ("name");
CREATE INDEX "machine_ids_server_id_idx" ON "machine_ids" ("server_id");
CREATE UNIQUE INDEX "backups_job_id_main_operation_began_at_key" ON "backups" ("job_id", "main_operation", "began_at");
CREATE INDEX "backups_job_id_ordered_at_idx" ON "backups" ("job_id", "ordered_at");
CREATE INDEX "backups_server_id_ordered_at_idx" ON "backups" ("server_id", "ordered_at");
CREATE INDEX "backups_ordered_at_idx" ON "backups" ("ordered_at");

-- Rows that could not be taken over as they were. Taking over an old file begins before this migration, and has made the
-- table then.
CREATE TABLE IF NOT EXISTS "quarantine" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "source" TEXT NOT NULL,
  "place" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "repaired" BOOLEAN NOT NULL,
  "content" TEXT NOT NULL
);

-- Totals and latest runs.

UPDATE "backup_jobs" SET
  "dry_runs" = (SELECT count(*) FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND b."dryrun"),
  ("runs", "succeeded", "warned", "failed", "uploaded_size") = (
    SELECT count(*), coalesce(sum(b."status" = 'SUCCESS'), 0), coalesce(sum(b."status" IN ('WARNING', 'UNKNOWN')), 0),
      coalesce(sum(b."status" IN ('ERROR', 'FATAL')), 0), 
      -- The sum in two halves, because SQLite's own fails beyond 64 bits; what no disk has stays at the limit.
      CASE
        WHEN count(*) = 0 THEN 0
        WHEN sum(b."uploaded_size" >> 32) + (sum(b."uploaded_size" & 4294967295) >> 32) >= 2147483648 THEN 9223372036854775807
        WHEN sum(b."uploaded_size" >> 32) + (sum(b."uploaded_size" & 4294967295) >> 32) < -2147483648 THEN -9223372036854775808
        ELSE ((sum(b."uploaded_size" >> 32) + (sum(b."uploaded_size" & 4294967295) >> 32)) << 32)
          + (sum(b."uploaded_size" & 4294967295) & 4294967295)
      END
    FROM "backups" b WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun"
  ),
  ("latest_backup_id", "latest_at", "last_status") = (
    SELECT b."id", b."ordered_at", b."status" FROM "backups" b
    WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" ORDER BY b."ordered_at" DESC, b."id" DESC LIMIT 1
  ),
  ("measured_at", "source_size", "stored_size", "versions") = (
    SELECT b."ordered_at", b."source_size", b."known_file_size", b."backup_list_count" FROM "backups" b
    WHERE b."job_id" = "backup_jobs"."id" AND NOT b."dryrun" AND b."known_file_size" IS NOT NULL
    ORDER BY b."ordered_at" DESC, b."id" DESC LIMIT 1
  );
UPDATE "servers" SET "latest_backup_id" = (
  SELECT j."latest_backup_id" FROM "backup_jobs" j WHERE j."server_id" = "servers"."id" AND j."latest_backup_id" IS NOT NULL
  ORDER BY j."latest_at" DESC, j."latest_backup_id" DESC LIMIT 1
);

PRAGMA foreign_keys = ON;
PRAGMA defer_foreign_keys = OFF;
