#!/usr/bin/env bash
# bare_debian.sh PACKAGE.deb: installs the package with apt in a bare Debian 12, checks a plan there,
# and removes it again. Needs the network, and root or user namespaces; without them it says so and
# ends with status 77, which ctest reports as skipped.
set -euo pipefail
package=$(realpath -- "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mirror=http://deb.debian.org/debian

skip() {
    printf '\nSKIPPED: %s: %s\n\n' "$(basename "$0")" "$*" >&2
    exit 77
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

[[ $EUID -eq 0 ]] || unshare --user --map-auto true 2>/dev/null ||
    skip "a bare Debian needs root, or user namespaces with subordinate ids"
/usr/lib/apt/apt-helper download-file "$mirror/dists/bookworm/InRelease" "$scratch/InRelease" \
    >/dev/null 2>&1 || skip "$mirror does not answer"

# The files of the package that tools look for by their names.
cat >"$scratch/files" <<'FILES'
/usr/bin/ordain
/usr/share/bash-completion/completions/ordain
/usr/share/doc/ordain/copyright
/usr/share/fish/vendor_completions.d/ordain.fish
/usr/share/man/man1/ordain.1.gz
/usr/share/ordain/schemas/ordain.toml.json
/usr/share/zsh/vendor-completions/_ordain
FILES

cat >"$scratch/inside.sh" <<'INSIDE'
set -euxo pipefail
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
cd /check
apt-get install -q -y --no-install-recommends ./ordain.deb
version=$(dpkg-query -W -f '${source:Upstream-Version}' ordain)
[[ $(ordain --version) == "ordain $version (grammar of PostgreSQL 15"*")" ]]
while read -r file; do test -s "$file"; done <files
zcat /usr/share/man/man1/ordain.1.gz | grep -F '.TH ORDAIN 1'
bash -n /usr/share/bash-completion/completions/ordain

cd demo
status=0
read -ra arguments <args
ordain "${arguments[@]}" >../printed || status=$?
[[ $status == "$(<./exit)" ]]
cmp stdout ../printed

cd /
apt-get purge -q -y ordain
[[ -z $(dpkg-query -W -f '${db:Status-Status}' ordain 2>/dev/null) ]]
left=$(find / -xdev -iname '*ordain*' -not -path '/check/*' -not -path '/proc/*')
[[ -z $left ]]
INSIDE

cp "$package" "$scratch/ordain.deb"
cp -r "$root/fixtures/plans/demo" "$scratch/demo"
# dpkg need not wait for the disk: nothing of this stays.
# shellcheck disable=SC2016 # $1 is the root, and the hooks'.
mmdebstrap --quiet --variant=apt --format=null \
    --dpkgopt=force-unsafe-io \
    --customize-hook='mkdir "$1/check"' \
    --customize-hook="cp -r $scratch/. \"\$1/check\"" \
    --customize-hook='chroot "$1" bash /check/inside.sh' \
    bookworm - "$mirror" >/dev/null
printf 'installed, used and removed in a bare Debian 12: %s\n' "$(basename "$package")"
