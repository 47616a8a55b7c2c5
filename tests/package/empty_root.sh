#!/usr/bin/env bash
# empty_root.sh PACKAGE.tar.gz: runs the program of the archive where nothing else is, so that it can
# only use what it brings, and holds what it prints of a plan against what is expected.
set -euo pipefail
package=$(realpath -- "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tar -xzf "$package" -C "$scratch" --strip-components=1
cp -r "$root/fixtures/plans/demo" "$scratch"
cd "$scratch/demo"

enter=(unshare --root "$scratch" --wd /demo)
[[ $EUID -eq 0 ]] || enter+=(--user --map-root-user)

# check_there STATUS ARGUMENT...: what the program prints is in the file `printed`.
check_there() {
    local expected=$1 status=0
    shift
    "${enter[@]}" /bin/ordain "$@" >printed || status=$?
    [[ $status == "$expected" ]]
}

read -ra arguments <args
check_there "$(<./exit)" "${arguments[@]}"
cmp stdout printed

# What is new is read from a repository.
git init -q -b main
git add migrations
git -c user.name=t -c user.email=t@example.com -c commit.gpgsign=false commit -q -m base
check_there 0 check migrations
printf 'DROP TABLE customers CASCADE;\n' >migrations/20990101000000_last.up.sql
check_there 1 check --format github migrations
grep -q '^::error ' printed
if grep -v 'file=migrations/20990101000000_last.up.sql' printed; then exit 1; fi

printf 'runs where nothing else is: %s\n' "$(basename "$package")"
