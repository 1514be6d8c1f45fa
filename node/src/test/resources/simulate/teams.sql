-- As object-relational mappers make tables: integer ids everywhere, join tables with their own id, keys that refer to one another in a circle.
BEGIN;
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "username" varchar(150) NOT NULL UNIQUE, "is_active" bool NOT NULL,
    "last_login" datetime NULL, "default_team_id" bigint NULL REFERENCES "team" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "team" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50) NOT NULL, "owner_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED,
    "settings" text NOT NULL CHECK ((JSON_VALID("settings") OR "settings" IS NULL)), "parent_id" bigint NULL REFERENCES "team" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "team_member" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "team_id" bigint NOT NULL REFERENCES "team" ("id") DEFERRABLE INITIALLY DEFERRED,
    "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "role" smallint unsigned NOT NULL CHECK ("role" >= 0));
CREATE UNIQUE INDEX "team_member_uniq" ON "team_member" ("team_id", "user_id");
CREATE INDEX "team_owner" ON "team" ("owner_id");
COMMIT;
