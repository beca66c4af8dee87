"""play.py SHOPPER PATH...: both ways, and what differs but for times, numbers and ports."""
import json
import os
import re
import subprocess
import sys

shopper, paths = sys.argv[1], sys.argv[2:]


def play(report, *options):
    company = subprocess.Popen([os.path.join(os.path.dirname(shopper), "practice-company"), *options],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    env = dict(os.environ)
    for line in company.stdout:
        if line.startswith("missing "):
            sys.exit(line)
        if line.startswith("ready "):
            env.update(pair.split("=", 1) for pair in line.split()[1:])
            break
    code = subprocess.call([shopper, "run", *paths, "-q", "--jobs", "1", "--report", "json=" + report,
                            "--limit", "127.0.0.1=20/100000", "--limit", "company.test=20/100000"], env=env)
    company.stdin.close()
    company.wait()
    return code, {j["journey"]: j for j in json.load(open(report))["journeys"]}


def plain(text):
    for what, instead in ((r"KC-\d+", "KC-N"), (r":\d{4,5}\b", ":PORT"), (r"\d+(\.\d+)? m?s\b", "TIME"),
                          (r"On \w{3}, [^\n]* wrote:", "On DATE wrote:")):
        text = re.sub(what, instead, text)
    return text


def told(journey):
    """What happened on each channel: what comes by another is not in step with it."""
    channels = {}
    for e in journey["events"]:
        if e["kind"] != "transfer":
            channels.setdefault(e.get("channel"), []).append((e["kind"], e["from"], e.get("code"),
                                                              plain(e.get("text") or "")))
    return channels


(real_code, real), (code, virtual) = play("real.json"), play("virtual.json", "--virtual-time")
print("exit codes", real_code, code)
for name in sorted(real):
    one, other = told(real[name]), told(virtual[name])
    print("the same" if one == other else "DIFFERENT", name)
    for channel in one:
        for a, b in zip(one[channel], other.get(channel, [])):
            if a != b:
                print("  ", channel, a, "\n  ", channel, b)
                break
