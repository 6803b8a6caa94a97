"""The secrets that functions read and no template declares: made here as the stack's own function makes them, but the
same in every run, for what is kept under one must be found again by the next command."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from local_cloud.declared import FunctionSpec

_NAMED = re.compile(r":parameter(/.+)$")


def make_secrets(ssm: Any, functions: Iterable[FunctionSpec]) -> None:
    """A SecureString for each SSM parameter that some function may make, and nobody made yet."""
    made = {
        found.group(1)
        for spec in functions
        for statement in spec.statements
        if "ssm:PutParameter" in statement["Action"]
        for resource in statement["Resource"]
        if (found := _NAMED.search(resource))
    }
    for name in sorted(made):
        try:
            ssm.get_parameter(Name=name)
        except ssm.exceptions.ParameterNotFound:
            # A function may read several of one kind with commas between; one is enough.
            secret = f"local-{name.rpartition('/')[2]}-{'0123456789abcdef' * 4}"[:64]
            ssm.put_parameter(Name=name, Value=secret, Type="SecureString")
