-- Creates Homeroom's role and database. PostgreSQL's container runs it once, when its volume is new.
-- The role owns its database and may create others, because bin/restore does. Unlike a superuser, it can't read files or
-- start programs. The superuser has no password, so it can log in only from inside the container.
\getenv password POSTGRES_PASSWORD
CREATE ROLE homeroom LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE homeroom OWNER homeroom;
ALTER ROLE postgres PASSWORD NULL;
