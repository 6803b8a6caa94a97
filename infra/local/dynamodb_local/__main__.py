"""`python -m dynamodb_local fetch`: have the engine ready, so that no test has to wait for the download."""

import sys

from dynamodb_local.errors import DynamoDBLocalError
from dynamodb_local.fetching import fetch, is_fetched


def main(arguments: list[str]) -> int:
    if arguments != ["fetch"]:
        print("usage: python -m dynamodb_local fetch", file=sys.stderr)
        return 2
    if is_fetched():
        return 0
    print("Fetching DynamoDB Local …", flush=True)
    try:
        fetch()
    except DynamoDBLocalError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
