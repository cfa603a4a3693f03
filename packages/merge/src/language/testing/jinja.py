"""What Jinja2 makes of templates: one request and one answer in JSON on each line.

The first line has the names that all templates have, each later one a template. An answer is ["text", ...] or ["problem", ...].
"""

import datetime
import json
import sys

import jinja2


def decode(data):
    kind, body = data[0], data[1] if len(data) > 1 else None
    if kind == "n":
        return None
    if kind in "bs":
        return body
    if kind == "i":
        return int(body)
    if kind == "f":
        return float(body)
    if kind == "d":
        return datetime.date.fromisoformat(body)
    if kind == "t":
        return datetime.datetime.fromisoformat(body)
    if kind == "m":
        return {decode(key): decode(item) for key, item in body}
    items = [decode(item) for item in body]
    return items if kind == "l" else tuple(items)


def answer(environment, names, template):
    try:
        return ["text", environment.from_string(template).render(**names)]
    except Exception as problem:  # whatever a template can end with is an answer
        return ["problem", type(problem).__name__ + ": " + str(problem)]


def main():
    lines = iter(sys.stdin)
    names = decode(json.loads(next(lines)))
    environment = jinja2.Environment()
    for line in lines:
        sys.stdout.write(json.dumps(answer(environment, names, json.loads(line))) + "\n")


main()
