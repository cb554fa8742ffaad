-- When somebody did by a link in the message what it offers: each link does it once.
ALTER TABLE "notifications" ADD COLUMN "snoozed_at" DATETIME;
ALTER TABLE "notifications" ADD COLUMN "acknowledged_at" DATETIME;
