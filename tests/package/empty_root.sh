#!/usr/bin/env bash
# empty_root.sh PACKAGE.tar.gz: runs the program of the archive where nothing else is, so that it can
# only use what it brings, and holds what it prints of a plan against what is expected.
set -euo pipefail
package=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tar -xzf "$package" -C "$scratch" --strip-components=1
cp -r "$root/fixtures/plans/demo/." "$scratch"

enter=(chroot)
[[ $EUID -eq 0 ]] || enter=(unshare --user --map-root-user --root)
status=0
read -ra arguments <"$scratch/args"
"${enter[@]}" "$scratch" /bin/ordain "${arguments[@]}" >"$scratch/printed" || status=$?
[[ $status == "$(<"$scratch/exit")" ]]
cmp "$scratch/stdout" "$scratch/printed"
printf 'runs where nothing else is: %s\n' "$(basename "$package")"
