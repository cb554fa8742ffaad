-- The tables of release 0.6, as the upgrade guide shows them: a machine has a number. Releases that kept Duplicati's
-- machine-id as the key put it into machines.machine_id; the machine's number is then its place in the old table.

CREATE TABLE "machines" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "name" TEXT NOT NULL,
  "last_seen" DATETIME,
  "machine_id" TEXT,
  "created_at" DATETIME
);

CREATE TABLE "backups" (
  "id" TEXT,
  "machine_id" INTEGER NOT NULL,
  "backup_name" TEXT,
  "backup_id" TEXT,
  "date" DATETIME,
  "status" TEXT,
  "duration_seconds" REAL NOT NULL DEFAULT 0,
  "size" BIGINT NOT NULL DEFAULT 0,
  "uploaded_size" BIGINT NOT NULL DEFAULT 0,
  "examined_files" BIGINT NOT NULL DEFAULT 0,
  "warnings" INTEGER NOT NULL DEFAULT 0,
  "errors" INTEGER NOT NULL DEFAULT 0,
  "created_at" DATETIME,
  "deleted_files" BIGINT NOT NULL DEFAULT 0,
  "deleted_folders" BIGINT NOT NULL DEFAULT 0,
  "modified_files" BIGINT NOT NULL DEFAULT 0,
  "opened_files" BIGINT NOT NULL DEFAULT 0,
  "added_files" BIGINT NOT NULL DEFAULT 0,
  "size_of_modified_files" BIGINT NOT NULL DEFAULT 0,
  "size_of_added_files" BIGINT NOT NULL DEFAULT 0,
  "size_of_examined_files" BIGINT NOT NULL DEFAULT 0,
  "size_of_opened_files" BIGINT NOT NULL DEFAULT 0,
  "not_processed_files" BIGINT NOT NULL DEFAULT 0,
  "added_folders" BIGINT NOT NULL DEFAULT 0,
  "too_large_files" BIGINT NOT NULL DEFAULT 0,
  "files_with_error" BIGINT NOT NULL DEFAULT 0,
  "modified_folders" BIGINT NOT NULL DEFAULT 0,
  "modified_symlinks" BIGINT NOT NULL DEFAULT 0,
  "added_symlinks" BIGINT NOT NULL DEFAULT 0,
  "deleted_symlinks" BIGINT NOT NULL DEFAULT 0,
  "partial_backup" BOOLEAN NOT NULL DEFAULT 0,
  "dryrun" BOOLEAN NOT NULL DEFAULT 0,
  "main_operation" TEXT,
  "parsed_result" TEXT,
  "interrupted" BOOLEAN NOT NULL DEFAULT 0,
  "version" TEXT,
  "begin_time" DATETIME,
  "end_time" DATETIME,
  "warnings_actual_length" INTEGER NOT NULL DEFAULT 0,
  "errors_actual_length" INTEGER NOT NULL DEFAULT 0,
  "messages_actual_length" INTEGER NOT NULL DEFAULT 0,
  "bytes_downloaded" BIGINT NOT NULL DEFAULT 0,
  "known_file_size" BIGINT NOT NULL DEFAULT 0,
  "last_backup_date" DATETIME,
  "backup_list_count" INTEGER NOT NULL DEFAULT 0,
  "reported_quota_error" BOOLEAN NOT NULL DEFAULT 0,
  "reported_quota_warning" BOOLEAN NOT NULL DEFAULT 0,
  "backend_main_operation" TEXT,
  "backend_parsed_result" TEXT,
  "backend_interrupted" BOOLEAN NOT NULL DEFAULT 0,
  "backend_version" TEXT,
  "backend_begin_time" TEXT,
  "backend_duration" TEXT,
  "backend_warnings_actual_length" INTEGER NOT NULL DEFAULT 0,
  "backend_errors_actual_length" INTEGER NOT NULL DEFAULT 0,
  "available_backups" TEXT,
  "messages_array" TEXT,
  "warnings_array" TEXT,
  "errors_array" TEXT,
  CONSTRAINT "backups_machine_id_fkey" FOREIGN KEY ("machine_id") REFERENCES "machines" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);

CREATE INDEX "backups_machine_id_idx" ON "backups" ("machine_id");

CREATE TABLE "configurations" (
  "key" TEXT NOT NULL PRIMARY KEY,
  "value" TEXT
);
