"""Rewriting of CloudFormation's intrinsic functions, by name, before anything is resolved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

# An expression is any JSON value of a template: a literal or a tree with Ref, Fn::GetAtt, Fn::Sub … in it.
Expression = Any
RefRewriter = Callable[[str], Expression | None]
GetAttRewriter = Callable[[str, str], Expression | None]

_PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


def rewrite(node: Expression, ref: RefRewriter, get_att: GetAttRewriter) -> Expression:
    """A copy of `node` in which every reference has been offered to `ref(name)` or `get_att(name, attribute)`.

    Both return the expression to put in its place, or None to leave the reference as it is. References inside
    Fn::Sub are offered too. Fn::GetAtt comes out in its list form, the only one moto reads.
    """
    if isinstance(node, list):
        return [rewrite(item, ref, get_att) for item in node]
    if not isinstance(node, dict):
        return node
    if len(node) == 1:
        if isinstance(node.get("Ref"), str):
            replacement = ref(node["Ref"])
            return node if replacement is None else replacement
        if "Fn::GetAtt" in node:
            name, attribute = split_get_att(node["Fn::GetAtt"])
            replacement = get_att(name, attribute) if isinstance(attribute, str) else None
            return {"Fn::GetAtt": [name, attribute]} if replacement is None else replacement
        if "Fn::Sub" in node:
            return _rewrite_sub(node["Fn::Sub"], ref, get_att)
    return {key: rewrite(value, ref, get_att) for key, value in node.items()}


def split_get_att(value: Any) -> tuple[str, Any]:
    """("Queue", "Arn") from either of the two forms of Fn::GetAtt."""
    name, attribute = value.split(".", 1) if isinstance(value, str) else (value[0], value[1])
    return name, attribute


def _rewrite_sub(value: Any, ref: RefRewriter, get_att: GetAttRewriter) -> Expression:
    text, given = (value, {}) if isinstance(value, str) else (value[0], value[1])
    variables = {key: rewrite(expression, ref, get_att) for key, expression in given.items()}

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name in given:
            return match.group(0)
        replacement = get_att(*name.split(".", 1)) if "." in name else ref(name)
        if replacement is None:
            return match.group(0)
        if _is_reference(replacement):
            return "${" + _reference_name(replacement) + "}"
        if isinstance(replacement, str | int | float) and "${" not in str(replacement):
            return str(replacement)
        variable = "V" + re.sub(r"[^A-Za-z0-9]", "", name)
        variables[variable] = replacement
        return "${" + variable + "}"

    text = _PLACEHOLDER.sub(replace, text)
    return {"Fn::Sub": [text, variables]} if variables else {"Fn::Sub": text}


def _is_reference(expression: Expression) -> bool:
    return (
        isinstance(expression, dict)
        and len(expression) == 1
        and bool({"Ref", "Fn::GetAtt"} & set(expression))
    )


def _reference_name(expression: dict[str, Any]) -> str:
    return str(expression["Ref"]) if "Ref" in expression else ".".join(expression["Fn::GetAtt"])
