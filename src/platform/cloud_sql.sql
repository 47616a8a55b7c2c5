-- Roles of Google Cloud SQL for PostgreSQL, as its manual names them.
CREATE ROLE cloudsqlsuperuser CREATEDB CREATEROLE LOGIN;
CREATE ROLE cloudsqladmin SUPERUSER LOGIN;
CREATE ROLE cloudsqlimportexport LOGIN;
