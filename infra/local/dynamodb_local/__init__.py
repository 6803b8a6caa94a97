"""DynamoDB Local, Amazon's own engine, on this machine: fetched once, started when asked for."""

from dynamodb_local.engine import DynamoDBLocal
from dynamodb_local.fetching import fetch

__all__ = ["DynamoDBLocal", "fetch"]
