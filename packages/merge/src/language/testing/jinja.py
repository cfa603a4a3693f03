"""What Jinja2 makes of templates: one request and one answer in JSON on each line.

The first line has the names that all templates have, each later one a template. An answer is ["text", ...], ["problem", ...], or
["slow", ...] where there was none in time: a power of powers of integers takes Python days.
"""

import datetime
import json
import os
import signal
import sys

import jinja2

SECONDS = 10


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


def answer_all(names, templates, out):
    environment = jinja2.Environment()
    for template in templates:
        # Ends the process, since nothing else interrupts arithmetic.
        signal.alarm(SECONDS)
        out.write(json.dumps(answer(environment, names, json.loads(template))) + "\n")
        out.flush()
    signal.alarm(0)


def main():
    names, *templates = sys.stdin
    names = decode(json.loads(names))
    answered = 0
    while answered < len(templates):
        reading, writing = os.pipe()
        if os.fork() == 0:
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                answer_all(names, templates[answered:], out)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answers:
            for line in answers:
                sys.stdout.write(line)
                answered += 1
        os.wait()
        if answered < len(templates):
            sys.stdout.write(json.dumps(["slow", ""]) + "\n")
            answered += 1


main()
