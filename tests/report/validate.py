"""Validate result files against scenarios/schema/, and their transcripts line by line.

What the program writes must not only fit the schemas: every member it writes must be described
there, so the schemas are tightened (no undescribed members) before use.
"""
import json
import sys

import jsonschema

FOLDER = "scenarios/schema/"


def load(name):
    with open(FOLDER + name, encoding="utf-8") as f:
        return json.load(f)


def tighten(schema):
    if isinstance(schema, dict):
        # an `if` describes a case, not an object
        inner = {k: v if k in ("if", "then") else tighten(v) for k, v in schema.items()}
        if schema.get("properties") and schema.get("type") == "object":
            inner.setdefault("additionalProperties", False)
        return inner
    if isinstance(schema, list):
        return [tighten(s) for s in schema]
    return schema


def main(paths):
    raw = [load("transcript.schema.json"), load("result.schema.json")]
    for schema in raw:
        jsonschema.Draft202012Validator.check_schema(schema)
    transcript, result = (tighten(s) for s in raw)
    store = {s["$id"]: s for s in (transcript, result)}

    def validator(schema):
        resolver = jsonschema.RefResolver(schema["$id"], schema, store=store)
        return jsonschema.Draft202012Validator(schema, resolver=resolver)

    whole, line = validator(result), validator(transcript)
    problems = 0
    for path in paths:
        with open(path, encoding="utf-8") as f:
            data = json.load(f)
        found = list(whole.iter_errors(data))
        for journey in data.get("journeys", []):
            for row in [journey["transcript"]] + journey.get("events", []):
                found += line.iter_errors(row)
        for e in found[:10]:
            where = "/".join(str(p) for p in e.absolute_path)
            print(f"{path}: {where}: {e.message[:300]}", file=sys.stderr)
        problems += len(found)

    bad = {"result": 1, "journeys": [{"status": "mett", "transcript": {"transcript": 1}}]}
    if whole.is_valid(bad) or line.is_valid({"seq": 0}):
        print("the schemas accept nonsense", file=sys.stderr)
        problems += 1
    return 1 if problems else 0


sys.exit(main(sys.argv[1:]))
