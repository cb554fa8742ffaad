-- Tags: words that people put on servers and jobs. A server's tag counts for its jobs.

CREATE TABLE "server_tags" (
  "server_id" INTEGER NOT NULL,
  "tag" TEXT NOT NULL,
  CONSTRAINT "server_tags_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("server_id", "tag")
);
CREATE INDEX "server_tags_tag_server_id_idx" ON "server_tags" ("tag", "server_id");

CREATE TABLE "job_tags" (
  "job_id" INTEGER NOT NULL,
  "tag" TEXT NOT NULL,
  CONSTRAINT "job_tags_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "backup_jobs" ("id") ON DELETE CASCADE ON UPDATE NO ACTION,
  PRIMARY KEY ("job_id", "tag")
);
CREATE INDEX "job_tags_tag_job_id_idx" ON "job_tags" ("tag", "job_id");

-- A rule can be about a tag.
ALTER TABLE "notification_rules" ADD COLUMN "tag" TEXT;
