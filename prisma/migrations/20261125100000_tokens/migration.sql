-- Tokens, and whether requests without one are refused everywhere.

CREATE TABLE "tokens" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "name" TEXT NOT NULL,
  "scope" TEXT NOT NULL,
  "server_id" INTEGER,
  "prefix" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "created_at" DATETIME NOT NULL,
  "expires_at" DATETIME,
  "last_used_at" DATETIME,
  "revoked_at" DATETIME,
  CONSTRAINT "tokens_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers" ("id") ON DELETE CASCADE ON UPDATE NO ACTION
);
CREATE UNIQUE INDEX "tokens_prefix_key" ON "tokens" ("prefix");
CREATE INDEX "tokens_server_id_idx" ON "tokens" ("server_id");

CREATE TABLE "access" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "require_token" BOOLEAN NOT NULL
);
-- Whoever has rows has clients in the field that send no token, and Duplicati does not send again what was refused.
INSERT INTO "access" ("id", "require_token")
SELECT 1, NOT EXISTS (SELECT 1 FROM "servers") AND NOT EXISTS (SELECT 1 FROM "configurations");
