#!/usr/bin/env bash
# The first step of action.yml: downloads a release, holds it against its SHA-256 and puts the
# program on the PATH of the steps that follow.
set -euo pipefail

fail() {
    # In a workflow command, a per cent sign begins the code of a character.
    printf '::error title=ordain::%s\n' "${*//%/%25}"
    exit 2
}

platform=$(uname -s)-$(uname -m)
[[ $platform == Linux-x86_64 ]] ||
    fail "there is a release for Linux on x86_64 only, and this runner is $platform"

name=ordain-$ORDAIN_VERSION-linux-x86_64
url=$ORDAIN_RELEASES/v$ORDAIN_VERSION/$name.tar.gz
folder=$RUNNER_TEMP/$name
mkdir -p "$folder"
cd "$folder"
for suffix in '' .sha256; do
    curl --fail --silent --show-error --location --retry 3 --output "$name.tar.gz$suffix" \
        "$url$suffix" ||
        fail "$url$suffix cannot be downloaded; is there a release $ORDAIN_VERSION?"
done
[[ -z $ORDAIN_SHA256 ]] || printf '%s  %s\n' "$ORDAIN_SHA256" "$name.tar.gz" >"$name.tar.gz.sha256"
sha256sum --check --strict "$name.tar.gz.sha256" ||
    fail "$url is not what its SHA-256 says; nothing of it was run"
tar --extract --gzip --strip-components=1 --file "$name.tar.gz"
bin/ordain --version
printf '%s\n' "$folder/bin" >>"$GITHUB_PATH"
