"""What holds for every test: import roots, no network, nobody's AWS account. And tables on the real engine."""

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from dynamodb_local import DynamoDBLocal

REPOSITORY = Path(__file__).resolve().parents[1]

# Lambda has two import roots, the function's folder and the layer; the tests have every room's at once, which
# works because each room's inner package has a name of its own.
sys.path[:0] = sorted(str(room) for room in (REPOSITORY / "functions").glob("*/") if room.is_dir())

os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_REGION": "eu-central-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    # moto knows no endpoints with an account id in them.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_METRICS_NAMESPACE": "tests",
}
# How long an example takes says something about the machine alone. CI has two slow cores and many of these tests; what
# a hundred examples find, and a dozen do not, is found on somebody's laptop.
_patient = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("laptop", **_patient)  # type: ignore[arg-type]
settings.register_profile("ci", max_examples=12, **_patient)  # type: ignore[arg-type]
settings.load_profile("ci" if os.environ.get("CI") else "laptop")

for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_ROLE_ARN"):
    os.environ.pop(name, None)

# Of a table's properties, those that say how it behaves. Not its TTL: the engine deletes what has expired by the
# machine's clock, while the tests live in a time of their own.
_DEFINING_PROPERTIES = (
    "KeySchema",
    "AttributeDefinitions",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
)
_table_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A unit test opens no socket, not even to this machine."""
    unit = REPOSITORY / "tests" / "unit"
    for item in items:
        if item.path.is_relative_to(unit):
            item.add_marker(pytest.mark.disable_socket)


@pytest.fixture(scope="session")
def dynamodb_engine() -> "Iterator[DynamoDBLocal]":
    """One engine for each process that runs tests, started when the first test asks for it."""
    from dynamodb_local import DynamoDBLocal

    with DynamoDBLocal() as engine:
        yield engine


@pytest.fixture(scope="session")
def dynamodb(dynamodb_engine: "DynamoDBLocal") -> "Iterator[DynamoDBClient]":
    """A client of the real engine."""
    import boto3

    client = boto3.client("dynamodb", endpoint_url=dynamodb_engine.endpoint)
    yield client
    client.close()


@pytest.fixture
def dynamodb_table(dynamodb: "DynamoDBClient") -> Iterator[Callable[[str], str]]:
    """`dynamodb_table("CartsTable")` makes a fresh, empty table as template.yaml has it, and returns its name."""
    made: list[str] = []

    def make(logical_id: str) -> str:
        table = f"{logical_id}-{os.getpid()}-{next(_table_numbers)}"
        dynamodb.create_table(TableName=table, **table_definition(logical_id))
        made.append(table)
        return table

    yield make
    for table in made:
        dynamodb.delete_table(TableName=table)


def table_definition(logical_id: str) -> dict[str, Any]:
    """What `create_table` wants to know of a table of template.yaml, but its name."""
    from local_cloud.template import read_template

    resource = read_template(REPOSITORY / "template.yaml").template["Resources"][logical_id]
    assert resource["Type"] == "AWS::DynamoDB::Table", f"{logical_id} is a {resource['Type']}"
    properties = resource["Properties"]
    definition = {name: properties[name] for name in _DEFINING_PROPERTIES if name in properties}
    if stream := properties.get("StreamSpecification"):
        definition["StreamSpecification"] = {
            "StreamEnabled": True,
            "StreamViewType": stream["StreamViewType"],
        }
    return definition
