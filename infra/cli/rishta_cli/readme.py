"""`rishta readme`: the README's table of functions, from template.yaml."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console

from local_cloud.template import Translated, read_template
from rishta_cli.project import ROOT

_BEGIN = "<!-- functions: written by `rishta readme`, from template.yaml -->\n"
_END = "<!-- end of functions -->"
# What Lambda's poller does on the function's behalf is the trigger, not something the function touches.
_POLLING = {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"}
_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")


def write_readme(*, check: bool) -> int:
    """Puts the table into README.md; with `check` only says whether it is current. The exit code."""
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    current = f"{before}{_BEGIN}{functions_table()}{_END}{after}"
    stale = current != text
    if stale and not check:
        path.write_text(current, encoding="utf-8")
    Console().print(f"README.md: {'current' if not stale else 'is stale' if check else 'written'}")
    return 1 if check and stale else 0


def functions_table() -> str:
    """A line for each function: its trigger, and what its role lets it touch."""
    template = read_template(ROOT / "template.yaml")
    lines = ["| function | door | trigger | may touch |", "|---|---|---|---|"]
    for name, resource in template.template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Function":
            door = resource["Properties"]["Handler"].removesuffix(".handler")
            triggers = ", ".join(_triggers(name, template)) or "none"
            touched = "; ".join(_touched(name, template)) or "nothing"
            lines.append(f"| {name} | `{door}` | {triggers} | {touched} |")
    return "\n".join(lines) + "\n"


def _triggers(function: str, template: Translated) -> Iterator[str]:
    alias = f"{function}Aliaslive"  # everything calls a function by it
    for resource in template.template["Resources"].values():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Lambda::EventSourceMapping" if alias in names_in(properties["FunctionName"]):
                yield from (_shown(name, template) for name in names_in(properties["EventSourceArn"]))
            case "AWS::Scheduler::Schedule" if alias in names_in(properties["Target"]["Arn"]):
                yield f"`{properties['ScheduleExpression']}`"
            case "AWS::ApiGatewayV2::Api":
                for path, methods in properties.get("Body", {}).get("paths", {}).items():
                    served = [method.upper() for method, route in methods.items() if alias in names_in(route)]
                    if served:
                        yield f"{' and '.join(served)} {path}"
            case _:
                continue


def _touched(function: str, template: Translated) -> Iterator[str]:
    actions: defaultdict[str, list[str]] = defaultdict(list)
    role = template.template["Resources"][f"{function}Role"]["Properties"]
    for policy in role["Policies"]:
        for statement in policy["PolicyDocument"]["Statement"]:
            allowed = [action.partition(":")[2] for action in _listed(statement["Action"])]
            for resource in _listed(statement["Resource"]):
                shown = " ".join(_shown(name, template) for name in names_in(resource)) or _parameter(
                    resource
                )
                actions[shown] += [action for action in allowed if action not in _POLLING]
    return (f"{name}: {', '.join(dict.fromkeys(done))}" for name, done in actions.items() if done)


def _parameter(resource: Any) -> str:
    """`hash-key` for what is in SSM under the stack's name; what else names no resource of ours is SES's."""
    text = str(resource.get("Fn::Sub", "")) if isinstance(resource, Mapping) else ""
    return text.rpartition("/")[2] if ":parameter/" in text else "SES identity"


def names_in(expression: Any) -> list[str]:
    """The logical ids that an expression mentions."""
    match expression:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return [name]
        case str(text):
            return [name for name in _SUBSTITUTED.findall(text) if name != "AWS"]
        case Mapping():
            return [name for value in expression.values() for name in names_in(value)]
        case list():
            return [name for value in expression for name in names_in(value)]
        case _:
            return []


def _shown(logical_id: str, template: Translated) -> str:
    """A queue of a nested stack goes by the stack's name."""
    return template.stacks.get(logical_id, logical_id)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
