-- The password of a server's Duplicati, encrypted, as an old release knew it. Nothing uses it yet.
ALTER TABLE "servers" ADD COLUMN "password" TEXT;
