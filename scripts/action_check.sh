#!/usr/bin/env bash
# The second step of action.yml: judges what is new, as annotations and as SARIF.
set -euo pipefail

options=(--fail-on "$ORDAIN_FAIL_ON" --format github --format "sarif=$ORDAIN_SARIF")
if [[ -n $ORDAIN_SINCE ]]; then
    options+=(--since "$ORDAIN_SINCE")
elif [[ -n ${GITHUB_BASE_REF-} && " $ORDAIN_ARGS " != *' --all '* ]]; then
    # Of a pull request: the branch that it goes to, which need not be the default one.
    options+=(--since "origin/$GITHUB_BASE_REF")
fi
read -ra more <<<"$ORDAIN_ARGS"
paths=()
while IFS= read -r path; do
    [[ -z $path ]] || paths+=("$path")
done <<<"$ORDAIN_PATHS"

status=0
complaint=$(mktemp)
ordain check "${options[@]}" "${more[@]}" "${paths[@]}" 2>"$complaint" || status=$?
cat "$complaint" >&2
# What ends the run is shown like a finding, not only in the log. In a workflow command, a per cent
# sign begins the code of a character.
[[ $status -lt 2 ]] || sed -n 's/%/%25/g; s/^ordain: /::error title=ordain::/p' "$complaint"
rm "$complaint"
exit "$status"
