-- Run once, by the container of PostgreSQL, when its volume is new: the role and the database of Homeroom.
-- It owns its database and may make others, which bin/restore does; it reads no files and starts no programs, as a
-- superuser could. The superuser gets no password: it is let in from inside the container alone.
\getenv password POSTGRES_PASSWORD
CREATE ROLE homeroom LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE homeroom OWNER homeroom;
ALTER ROLE postgres PASSWORD NULL;
