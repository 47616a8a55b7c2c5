-- Roles of Amazon RDS and Aurora for PostgreSQL, as their manual names them.
CREATE ROLE rds_superuser CREATEDB CREATEROLE;
CREATE ROLE rds_replication;
CREATE ROLE rds_password;
CREATE ROLE rds_iam;
CREATE ROLE rdsadmin SUPERUSER LOGIN;
