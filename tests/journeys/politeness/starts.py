# How the journeys of a result came: minutes after the first.
import datetime, json, sys

began = sorted(datetime.datetime.fromisoformat(j["transcript"]["started"].replace("Z", "+00:00"))
               for j in json.load(open(sys.argv[1]))["journeys"])
after = [(b - began[0]).total_seconds() / 60 for b in began]
if sys.argv[2] == "ramp":          # ten at once in twenty minutes: one in each part of two
    print(all(2 * i <= a <= 2 * i + 2 for i, a in enumerate(after[:10])), after[10:] == [a + 30 for a in after[:len(after) - 10]])
else:                              # up to twenty minutes late, each by chance
    print(len(set(after)) == len(after), 5 < after[-1] <= 20)
