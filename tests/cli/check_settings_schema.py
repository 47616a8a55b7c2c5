"""Holds the JSON Schema of ordain.toml against files that are right and files that are not.

Usage: check_settings_schema.py SCHEMA
"""
import json
import sys
import tomllib

import jsonschema

RIGHT = [
    "",
    '[plan]\nroot = "db"\nlayout = "sqlx"\nhistory = "complete"\ntransaction = "all"\n',
    '[postgres]\nversion = 18\n[rules]\nlocking = "off"\ndrop-column = "note"\n',
    '[[override]]\nfiles = ["a/*"]\nrules = { drop-column = "error" }\n[[allow]]\nrule = "x"\n',
    "[naming]\nfile = 'x'\nheader = ['a']\n[naming.forbidden_columns]\na = 'b'\n",
]
WRONG = [
    "plan = 1\n",
    '[plan]\nlayuot = "sqlx"\n',
    '[plan]\nlayout = "sqlxx"\n',
    "[postgres]\nversion = 9\n",
    '[rules]\ndrop-colum = "error"\n',
    '[rules]\ndrop-column = "warn"\n',
    '[[override]]\nfiles = ["a"]\n',
    "[[override]]\nfiles = []\nrules = {}\n",
    '[allow]\nrule = "x"\n',
    '[[allow]]\nreason = "x"\n',
    "[other]\n",
    "[naming]\ntabel = 'x'\n",
    "[naming.forbidden_columns]\na = 1\n",
]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = [text for text in RIGHT if not validator.is_valid(tomllib.loads(text))]
    wrong += [text for text in WRONG if validator.is_valid(tomllib.loads(text))]
    for text in wrong:
        print(f"judged wrongly:\n{text}")
    sys.exit(1 if wrong else 0)


main()
