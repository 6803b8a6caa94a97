"""What the functions' roles allow, policies resolved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local_cloud.ground import Ground
from local_cloud.managed_policies import MANAGED_POLICIES


def read_roles(ground: Ground) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Functions' role ARN → its policies' statements, each with "Effect", "Action" and "Resource" (lists).

    Raises ValueError for a managed policy whose contents are not known here.
    """
    roles: dict[str, list[Mapping[str, Any]]] = {}
    names: dict[str, str] = {}
    assumed = {function["Role"] for function in ground.resources("AWS::Lambda::Function").values()}
    for logical_id, role in ground.resources("AWS::IAM::Role").items():
        arn = ground.resolve(ground.get_att(logical_id, "Arn"))
        if arn not in assumed:
            continue
        names[ground.resolve(ground.ref(logical_id))] = arn
        statements = [s for policy in role.get("Policies", []) for s in _statements(policy["PolicyDocument"])]
        for managed in role.get("ManagedPolicyArns", []):
            if managed not in MANAGED_POLICIES:
                raise ValueError(
                    f"Role {logical_id} has the managed policy {managed}, unknown to the local cloud"
                )
            statements.append(
                {"Effect": "Allow", "Action": list(MANAGED_POLICIES[managed]), "Resource": ["*"]}
            )
        roles[arn] = statements
    for policy in ground.resources("AWS::IAM::Policy").values():
        for role_name in policy.get("Roles", []):
            if role_name in names:
                roles[names[role_name]].extend(_statements(policy["PolicyDocument"]))
    return {arn: tuple(statements) for arn, statements in roles.items()}


def _statements(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    statements = document["Statement"]
    return [
        {
            **statement,
            "Action": _listed(statement.get("Action", [])),
            "Resource": _listed(statement.get("Resource", [])),
        }
        for statement in (statements if isinstance(statements, list) else [statements])
    ]


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
