-- Very long lines of a log are shortened from now on; it is counted how many.
ALTER TABLE "backups" ADD COLUMN "log_lines_cut" INTEGER NOT NULL DEFAULT 0;
