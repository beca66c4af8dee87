# names RESULT: the journeys in order, with their status. split RESULT: the result as five shards would
# have written it (part-K.json), by who is in K.json.
import json, sys

what, path = sys.argv[1:]
whole = json.load(open(path))
if what == "names":
    for j in whole["journeys"]:
        print(j["status"], j["journey"])
else:
    for k in range(1, 6):
        mine = {j["journey"] for j in json.load(open(f"{k}.json"))["journeys"]}
        part = dict(whole, shard=k, shards=5, journeys=[
            dict(j, place=i + 1) for i, j in enumerate(whole["journeys"]) if j["journey"] in mine])
        json.dump(part, open(f"part-{k}.json", "w"))
