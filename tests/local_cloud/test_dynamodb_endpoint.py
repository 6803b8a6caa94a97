from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from tests.local_cloud.house import House

if TYPE_CHECKING:
    from dynamodb_local import DynamoDBLocal

PUTS = """
    import boto3, os
    def handler(event, context):
        boto3.client("dynamodb").put_item(TableName=os.environ["TABLE"], Item={"thing_id": {"S": event["id"]}})
"""


def test_functions_and_the_test_see_the_tables_of_the_real_engine(
    house: House, dynamodb_engine: DynamoDBLocal
) -> None:
    house.consumer("Carts", PUTS)
    cloud = house.open(dynamodb_endpoint=dynamodb_engine.endpoint)
    thing_id = str(uuid.uuid4())

    assert cloud.invoke("Carts", {"id": thing_id}).error is None

    assert {"thing_id": thing_id} in cloud.table("Things")
    assert cloud.calls[0].actions == ("dynamodb:PutItem",)


def test_what_is_in_them_outlives_the_local_cloud(house: House, dynamodb_engine: DynamoDBLocal) -> None:
    house.consumer("Carts", PUTS)
    thing_id = str(uuid.uuid4())
    house.open(dynamodb_endpoint=dynamodb_engine.endpoint).invoke("Carts", {"id": thing_id})

    second = house.open(dynamodb_endpoint=dynamodb_engine.endpoint)

    assert {"thing_id": thing_id} in second.table("Things")
