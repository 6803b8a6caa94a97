"""Which rules of the shop's bus feed which capability: template.yaml says it."""

from collections.abc import Sequence

from local_cloud.template import Translated, read_template
from rishta_cli.project import LOCAL_PARAMETERS, ROOT
from rishta_cli.readme import names_in
from rishta_cli.stacks import Stack


class UnknownRuleError(Exception):
    """There is no such rule on the bus, or no rule of such a capability."""


def wanted_rules(stack: Stack, rules: Sequence[str], capabilities: Sequence[str]) -> dict[str, str]:
    """Logical id → ARN of these rules, and of all that feed these capabilities; none: nothing was asked for.

    Raises UnknownRuleError, and says which there are.
    """
    if not rules and not capabilities:
        return {}
    known = rules_of_the_bus()
    names = {name for names in known.values() for name in names}
    for asked, there in ((rules, names), (capabilities, known.keys())):
        if unknown := [each for each in asked if each not in there]:
            raise UnknownRuleError(f"There is no {', '.join(unknown)}; there are {', '.join(sorted(there))}.")
    chosen = {*rules, *(name for each in capabilities for name in known[each])}
    bus = stack.outputs["ShopBusName"]
    client = stack.client("events")
    return {
        name: client.describe_rule(Name=_rule_name(stack.physical_id(name)), EventBusName=bus)["Arn"]
        for name in sorted(chosen)
    }


def rules_of_the_bus() -> dict[str, list[str]]:
    """For each capability the rules, by logical id, that put the shop's facts on its queues."""
    translated = read_template(ROOT / "template.yaml", LOCAL_PARAMETERS)
    resources = translated.template["Resources"]
    readers = _readers(translated)
    found: dict[str, list[str]] = {}
    for name, resource in resources.items():
        if resource["Type"] == "AWS::Events::Rule" and "EventBusName" in resource["Properties"]:
            targets = [target["Arn"] for target in resource["Properties"]["Targets"]]
            rooms = {readers[queue] for target in targets for queue in names_in(target) if queue in readers}
            for room in sorted(rooms):
                found.setdefault(room, []).append(name)
    return found


def _readers(translated: Translated) -> dict[str, str]:
    """The capability behind each queue, by the queue's logical id."""
    resources = translated.template["Resources"]
    found: dict[str, str] = {}
    for resource in resources.values():
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            queues = names_in(resource["Properties"]["EventSourceArn"])
            aliases = names_in(resource["Properties"]["FunctionName"])
            functions = [name for name in resources if any(alias.startswith(name) for alias in aliases)]
            handlers = [
                resources[name]["Properties"]["Handler"]
                for name in functions
                if resources[name]["Type"] == "AWS::Lambda::Function"
            ]
            found |= {queue: handlers[0].partition(".")[0] for queue in queues}
    return found


def _rule_name(physical_id: str) -> str:
    """A rule's physical id has its bus's name in front of it: `shop|rishta-CartNudgesRule-1`."""
    return physical_id.rpartition("|")[2]
