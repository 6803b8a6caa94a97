"""A stack with the ledger's table, for the commands that read it, and what is in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import boto3
import time_machine
from moto import mock_aws
from typer.testing import CliRunner, Result

from local_cloud.template import read_template
from loyalty.ledger_items import Record, id_of, values_of
from loyalty.table import Ledger
from loyalty_books import Books
from rishta_cli.main import app
from rishta_cli.project import ROOT
from shop_facts import NOW, days, order_paid, rupees


@dataclass
class Stack:
    client: Any
    table: str

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.client, self.table)

    def keep(self, books: Books, customer_id: str = "cust-asha") -> None:
        """Put the books into the table as those of this customer."""
        records = books.records
        account = replace(records.account, version=1)
        kept: list[Record] = [account, *records.entries, *records.orders, *records.reservations]
        for record in kept:
            self.put(values_of(record) | {"customer_id": customer_id}, customer_id, id_of(record))

    def put(self, values: dict[str, Any], customer_id: str, record_id: str) -> None:
        table = boto3.resource("dynamodb").Table(self.table)
        table.put_item(Item=values | {"customer_id": customer_id, "record_id": record_id})


@cache
def the_table() -> dict[str, Any]:
    table = read_template(ROOT / "template.yaml").template["Resources"]["LoyaltyTable"]["Properties"]
    kept = (
        "BillingMode",
        "AttributeDefinitions",
        "KeySchema",
        "GlobalSecondaryIndexes",
        "LocalSecondaryIndexes",
    )
    return {name: value for name, value in table.items() if name in kept}


@contextmanager
def a_stack(at: datetime) -> Iterator[Stack]:
    """The table of a stack called rishta that CloudFormation knows; every clock stands still."""
    resources = {"LoyaltyTable": {"Type": "AWS::DynamoDB::Table", "Properties": the_table()}}
    with mock_aws(), time_machine.travel(at, tick=False):
        cloudformation = boto3.client("cloudformation")
        cloudformation.create_stack(StackName="rishta", TemplateBody=json.dumps({"Resources": resources}))
        (found,) = cloudformation.list_stack_resources(StackName="rishta")["StackResourceSummaries"]
        yield Stack(boto3.client("dynamodb"), found["PhysicalResourceId"])


def rishta(*words: str, stack: str = "rishta") -> Result:
    """`rishta loyalty`, as somebody types it."""
    return CliRunner().invoke(app, ["loyalty", words[0], "--stack", stack, *words[1:]])


SOON = NOW + days(20)


def well_kept() -> Books:
    """400 points by an order, 150 of them spent."""
    books = Books().told(order_paid(amount=rupees(40_000))).after(SOON)
    return books.reserved("basket-1", 150, SOON).committed("basket-1", SOON)
