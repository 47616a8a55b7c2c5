-- Roles of Azure Database for PostgreSQL, flexible server, as its manual names them.
CREATE ROLE azuresu SUPERUSER;
CREATE ROLE azure_pg_admin CREATEDB CREATEROLE;
