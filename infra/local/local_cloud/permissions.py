"""What a role allows, decided as IAM decides it, as far as the templates here use IAM: no conditions, no boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from botocore.exceptions import ClientError

Statements = Iterable[Mapping[str, Any]]


def allows(statements: Statements, action: str, resource: str) -> bool:
    """An explicit Deny wins; without an Allow nothing is allowed. Raises ValueError for a condition."""
    matching = [statement for statement in statements if covers(statement, action, resource)]
    effects = {statement["Effect"] for statement in matching}
    return effects == {"Allow"}


def covers(statement: Mapping[str, Any], action: str, resource: str) -> bool:
    """Whether a statement speaks of this action on this resource; actions ignore case, `*` and `?` are wildcards."""
    unknown = statement.keys() - {"Effect", "Action", "Resource", "Sid"}
    if unknown:
        raise ValueError(f"the local cloud does not judge a policy statement's {', '.join(sorted(unknown))}")
    return any(_matches(action.lower(), pattern.lower()) for pattern in statement["Action"]) and any(
        _matches(resource, pattern) for pattern in statement["Resource"]
    )


def denial(function: str, action: str, resource: str, operation: str) -> ClientError:
    """The error that AWS answers with."""
    message = f"The role of {function} is not authorized to perform: {action} on resource: {resource}"
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, operation)


def _matches(text: str, pattern: str) -> bool:
    # fnmatch knows brackets as well; IAM does not, and takes them as they are.
    return fnmatchcase(text, pattern.replace("[", "[[]"))
