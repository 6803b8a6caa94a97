"""A deployed stack, as commands find their way in it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console


def answered(command: Callable[..., int]) -> Callable[..., int]:
    """What AWS says, instead of a traceback: no credentials, no such stack, not allowed. The exit code is 1 then."""

    @wraps(command)
    def run(*arguments: Any, **options: Any) -> int:
        try:
            return command(*arguments, **options)
        except (BotoCoreError, ClientError) as error:
            Console(soft_wrap=True, highlight=False, emoji=False).print(str(error), style="red", markup=False)
            return 1

    return run


def physical_name(stack: str, logical_id: str) -> str:
    """What a resource of the template is called in the stack. Raises botocore's ClientError."""
    answer = boto3.client("cloudformation").describe_stack_resource(
        StackName=stack, LogicalResourceId=logical_id
    )
    return answer["StackResourceDetail"]["PhysicalResourceId"]
