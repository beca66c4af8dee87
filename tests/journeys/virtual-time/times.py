"""When things happened, in minutes (mail servers know whole seconds), and what."""
import json
import sys

for e in json.load(open(sys.argv[1]))["journeys"][0]["events"]:
    if e["kind"] in ("sent", "message", "waiting", "gave_up", "failed"):
        print("%6d" % round(e["t_us"] / 60e6), e["channel"], e["from"], e["kind"])
