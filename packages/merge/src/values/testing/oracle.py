"""What Python makes of values and YAML texts: one request and one answer in JSON on each line.

Values travel with their kinds. A list, mapping, day or time that came before is told by its number: ["r", 3].
"""

import datetime
import json
import sys

import yaml

SHARED = (list, tuple, dict, datetime.date)


def encode(value, seen):
    if isinstance(value, SHARED):
        if id(value) in seen:
            return ["r", seen[id(value)]]
        seen[id(value)] = len(seen)
    if value is None:
        return ["n"]
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, int):
        return ["i", str(value)]
    if isinstance(value, float):
        return ["f", repr(value)]
    if isinstance(value, str):
        return ["s", value]
    if isinstance(value, datetime.datetime):
        return ["t", value.isoformat(" ")]
    if isinstance(value, datetime.date):
        return ["d", value.isoformat()]
    if isinstance(value, dict):
        return ["m", [[encode(key, seen), encode(item, seen)] for key, item in value.items()]]
    if isinstance(value, (list, tuple)):
        return ["l" if isinstance(value, list) else "u", [encode(item, seen) for item in value]]
    raise TypeError("a value of the kind " + type(value).__name__)


def decode(data, seen):
    kind = data[0]
    if kind == "r":
        return seen[data[1]]
    if kind == "n":
        return None
    if kind in "bs":
        return data[1]
    if kind == "i":
        return int(data[1])
    if kind == "f":
        return float(data[1])
    at = len(seen)
    if kind in "dt":
        of = datetime.date if kind == "d" else datetime.datetime
        seen.append(of.fromisoformat(data[1]))
    elif kind == "m":
        made = {}
        seen.append(made)
        for key, item in data[1]:
            made_key = decode(key, seen)
            made[made_key] = decode(item, seen)
    elif kind == "l":
        made = []
        seen.append(made)
        made.extend(decode(item, seen) for item in data[1])
    else:
        seen.append(None)
        seen[at] = tuple(decode(item, seen) for item in data[1])
    return seen[at]


def order(pair):
    left, right = pair
    return [left == right, left < right, left > right]


ACTS = {
    "read": lambda text: encode(yaml.safe_load(text), {}),
    "yaml": lambda data: yaml.safe_dump(decode(data, []), default_flow_style=False).rstrip(),
    "json": lambda data: json.dumps(decode(data, []), indent=2, sort_keys=True),
    "minified": lambda data: json.dumps(decode(data, []), separators=(",", ":")),
    "repr": lambda data: repr(decode(data, [])),
    "text": lambda data: str(decode(data, [])),
    "order": lambda data: order(decode(data, [])),
}

for line in sys.stdin:
    act, argument = json.loads(line)
    try:
        answer = {"ok": ACTS[act](argument)}
    except Exception as failure:  # every refusal is an answer
        answer = {"error": type(failure).__name__ + ": " + str(failure)}
    print(json.dumps(answer))
