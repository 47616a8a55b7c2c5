"""Holds what `ordain check` or `ordain report` prints for plans in a format against its JSON Schema.

Usage: check_schema.py ORDAIN COMMAND FORMAT SCHEMA PLAN...

Schemas may refer to others that lie beside them.
"""
import json
import pathlib
import subprocess
import sys

import jsonschema


def main():
    program, command, output_format, schema_path, *plans = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(pathlib.Path(schema_path).resolve().as_uri(), schema)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    for plan in plans:
        words = [program, command, "--all", "--format", output_format, plan]
        run = subprocess.run(words, stdout=subprocess.PIPE)
        if run.returncode not in (0, 1):
            sys.exit(f"{plan}: exit status {run.returncode}")
        errors = list(validator.iter_errors(json.loads(run.stdout)))
        for error in errors:
            print(f"{plan}: {error.json_path}: {error.message}")
        if errors:
            sys.exit(1)


main()
