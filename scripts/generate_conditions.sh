#!/usr/bin/env bash
# Writes src/catalog/data/pg15_conditions.inc: the condition names of PL/pgSQL (manual appendix A)
# with their SQLSTATEs, from the errcodes.txt that Debian's package postgresql-15 brings.
set -euo pipefail
cd "$(dirname "$0")/.."
errcodes=${1-/usr/share/postgresql/15/errcodes.txt}
{
    printf '// Condition names of PostgreSQL 15, by scripts/generate_conditions.sh\n'
    awk '!/^#/ && !/^Section/ && $2 == "E" && NF == 4 { printf "{\"%s\"sv, \"%s\"sv},\n", $4, $1 }' \
        "$errcodes" | LC_ALL=C sort
} > src/catalog/data/pg15_conditions.inc
