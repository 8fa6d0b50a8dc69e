#!/usr/bin/env python3
"""Holds the published JSON Schema of inventories against files and against the loader's keys.

  schema_check.py SCHEMA validate FILE...   every file is valid
  schema_check.py SCHEMA refuse FILE...     no file is valid
  schema_check.py SCHEMA keys               prints "path required|optional", one key a line
"""
import json
import sys

import jsonschema
import yaml


def resolve(schema, node):
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node


def keys(schema, node, path=""):
    node = resolve(schema, node)
    for key, inner in node.get("properties", {}).items():
        here = f"{path}.{key}" if path else key
        yield here, "required" if key in node.get("required", []) else "optional"
        inner = resolve(schema, inner)
        if inner.get("type") == "array":
            inner, here = resolve(schema, inner["items"]), here + "[]"
        yield from keys(schema, inner, here)


def main():
    schema_file, command, *files = sys.argv[1:]
    with open(schema_file, encoding="utf-8") as text:
        schema = json.load(text)
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schema)
    if command == "keys":
        for path, need in sorted(keys(schema, schema)):
            print(path, need)
        return 0
    failed = False
    for file in files:
        with open(file, encoding="utf-8") as text:
            errors = list(validator(schema).iter_errors(yaml.safe_load(text)))
        if command == "validate":
            for error in errors:
                print(f"{file}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
            failed = failed or bool(errors)
        elif not errors:
            print(f"{file}: valid, though it has a defect")
            failed = True
    return 1 if failed or not files else 0


if __name__ == "__main__":
    sys.exit(main())
