#!/usr/bin/env bash
# Writes src/text/keywords.inc: the keywords of the PostgreSQL server that psql connects to. The
# connection is taken from the usual PG* variables; the grammar in use is that of version 15.
set -euo pipefail
cd "$(dirname "$0")/.."
{
    psql -XAtc "select format('// pg_get_keywords() of PostgreSQL %s, by scripts/generate_keywords.sh',
                              current_setting('server_version_num')::int / 10000)"
    psql -XAtc "select format('{\"%s\", %s},', word, case catcode when 'U' then 'unreserved'
                              when 'C' then 'column_name' when 'T' then 'type_function'
                              when 'R' then 'reserved' end)
                from pg_get_keywords() order by word collate \"C\""
} > src/text/keywords.inc
