"""A second opinion on the cases of this folder: the steps of a merge over Jinja2 and PyYAML, as the language describes them.

    python3 second-opinion.py FILE...     compares every case with what is expected of it
    python3 second-opinion.py --print     reads one case as JSON from stdin, prints its product or why there is none

Prints one line of JSON for each case that is not as expected. Used in development only: the expected results are data.
"""

import base64
import datetime
import json
import os
import pathlib
import sys
import tempfile

import jinja2
import yaml

CONTROL = ".stage0_template"


class Refused(Exception):
    pass


# --- the four filters of the language -------------------------------------------------------------------------------


def to_yaml(value):
    return yaml.dump(value, default_flow_style=False).rstrip()


def to_json(value):
    return json.dumps(value, indent=2, sort_keys=True)


def to_json_minified(value):
    return json.dumps(value, separators=(",", ":"))


def indent(text, n=2):
    return "\n".join(" " * n + line if line.strip() else "" for line in text.splitlines())


def render(text, names):
    environment = jinja2.Environment()
    for of_ours in (to_yaml, to_json, to_json_minified, indent):
        environment.filters[of_ours.__name__] = of_ours
    return environment.from_string(text).render(names)


# --- the steps ------------------------------------------------------------------------------------------------------


def read_specifications(folder):
    found = {}
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            found[entry.name] = read_specifications(entry)
        elif entry.name.endswith(".yaml"):
            found[entry.name[: -len(".yaml")]] = yaml.safe_load(entry.read_text())
    return found


def look_up(names, path):
    value = names
    for step in path.split("."):
        if not isinstance(value, dict) or step not in value:
            raise Refused(f"{path}: no {step}")
        value = value[step]
    return value


def context_of(directives, names, environment):
    for directive in directives:
        found = look_up(names, render(directive["path"], environment))
        if directive["type"] == "selector":
            property, wanted = (render(directive["filter"][part], environment) for part in ("property", "value"))
            if not isinstance(found, list):
                raise Refused("selects from what is not a list")
            matches = [one for one in found if isinstance(one, dict) and one.get(property) == wanted]
            if not matches:
                raise Refused(f"nothing has {property} {wanted}")
            found = matches[0]
        elif directive["type"] != "path":
            raise Refused("unknown type")
        names[directive["key"]] = found


def write(repository, name, text):
    (repository / name).write_text(text)


def process(repository, entry, names, environment):
    template = repository / entry["path"]
    if entry.get("merge"):
        text = render(template.read_text(), names)
        if "output" in entry:
            write(repository, render(entry["output"], {**names, **environment}), text)
            template.unlink()
        else:
            template.write_text(text)
    elif entry.get("mergeFor") or entry.get("mergeFrom"):
        spread = bool(entry.get("mergeFor"))
        mode = entry["mergeFor"] if spread else entry["mergeFrom"]
        items = look_up(names, mode["items"])
        if isinstance(items, dict):
            items = [{"name": name, "content": content} for name, content in items.items()]
        elif not spread or not isinstance(items, list):
            raise Refused("items of a wrong kind")
        source = template.read_text()
        for item in items:
            own = {**item, "item": item} if spread and isinstance(item, dict) else {"item": item}
            text = render(source, {**names, **own})
            write(repository, render(mode["output"], own), text)
        template.unlink()


def merge(repository, specifications, environment):
    control = yaml.safe_load((repository / CONTROL / "process.yaml").read_text())
    if not isinstance(control, dict):
        raise Refused("the control file is empty")
    names = {"specifications": read_specifications(specifications)}
    environment = {name: environment[name] for name in control.get("environment") or {}}
    context_of(control.get("context", []), names, environment)
    for path in control.get("requires", []):
        look_up(names, path)
    for entry in control.get("templates", []):
        process(repository, entry, names, environment)
    for path in sorted((repository / CONTROL).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    (repository / CONTROL).rmdir()


# --- cases ----------------------------------------------------------------------------------------------------------


def whole(case):
    """A case in its short form (`body`, `data`) is a template of one file, whose data has the name `d`."""
    if "body" not in case:
        return case
    control = "context:\n  - { key: d, type: path, path: specifications.data }\n" if "data" in case else ""
    control += "templates:\n  - { path: page.txt, merge: true }\n"
    specifications = {"data.yaml": case["data"]} if "data" in case else {}
    product = {"product": {"page.txt": case["prints"]}} if "prints" in case else {}
    return {**case, "template": {"page.txt": case["body"]}, "control": control, "specifications": specifications, **product}


def lay_out(folder, files):
    folder.mkdir()
    for name, content in files.items():
        path = folder / name
        if name.endswith("/"):
            path.mkdir(parents=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content, newline="")
        elif "link" in content:
            path.symlink_to(content["link"])
        else:
            path.write_bytes(base64.b64decode(content["base64"]))


def content_of(path):
    if path.is_symlink():
        return {"link": str(path.readlink())}
    content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode()}


def product_of(case):
    case = whole(case)
    with tempfile.TemporaryDirectory() as scratch:
        repository, specifications = pathlib.Path(scratch, "repository"), pathlib.Path(scratch, "specifications")
        template = dict(case["template"])
        if "control" in case:
            template[f"{CONTROL}/process.yaml"] = case["control"]
        lay_out(repository, template)
        lay_out(specifications, case.get("specifications", {}))
        os.chdir(scratch)
        merge(repository, specifications, case.get("environment", {}))
        files = [path for path in sorted(repository.rglob("*")) if path.is_symlink() or not path.is_dir()]
        return {path.relative_to(repository).as_posix(): content_of(path) for path in files}


def outcome(case):
    try:
        return {"product": product_of(case)}
    except Exception as error:  # whatever stops a merge: the reference has no failures of its own kind
        line = getattr(error, "lineno", None)
        frame = error.__traceback__
        while frame is not None:
            if frame.tb_frame.f_code.co_filename == "<template>":
                line = frame.tb_lineno
            frame = frame.tb_next
        return {"fails": f"{type(error).__name__}: {error}", "line": line}


def disagreement(case):
    found = outcome(case)
    expected = whole(case).get("product")
    same = found.get("product") == expected if expected is not None else "fails" in found
    if same and case.get("differs"):
        return {"name": case["name"], "says": "differs, but does not", "found": found}
    return None if same or case.get("differs") else {"name": case["name"], "expected": expected, "found": found}


def main(arguments):
    if arguments == ["--print"]:
        print(json.dumps(outcome(json.load(sys.stdin))))
        return
    for file in arguments:
        group = yaml.safe_load(pathlib.Path(file).read_text())
        for case in group["cases"]:
            told = disagreement(case)
            if told is not None:
                print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
