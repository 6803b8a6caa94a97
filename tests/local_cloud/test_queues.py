from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.local_cloud.house import MORNING, House

PRINTS_BODIES = """
    import json
    def handler(event, context):
        for record in event["Records"]:
            print(json.loads(record["body"])["detail"]["number"])
"""

FAILS_ON_BAD = """
    def handler(event, context):
        print(len(event["Records"]), [r["attributes"]["ApproximateReceiveCount"] for r in event["Records"]])
        failed = [r["messageId"] for r in event["Records"] if "bad" in r["body"]]
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
"""


def test_a_fact_reaches_the_function_whose_rule_asks_for_it_and_no_other(house: House) -> None:
    house.consumer("Carts", PRINTS_BODIES)
    house.consumer("Orders", PRINTS_BODIES)
    cloud = house.open()

    cloud.publish("Carts", {"number": 1})
    assert cloud.logs == []

    assert cloud.settle() == 1
    assert cloud.logs == [("Carts", "1")]
    assert cloud.backlog() == {}


def test_many_facts_arrive_in_order_and_in_batches(house: House) -> None:
    house.consumer("Carts", PRINTS_BODIES, batch_size=25)
    cloud = house.open()

    cloud.publish_many(("Carts", {"number": number}) for number in range(60))

    assert cloud.settle() == 3
    assert [line for _, line in cloud.logs] == [str(number) for number in range(60)]


def test_an_event_arrives_whole_whatever_its_words(house: House) -> None:
    house.consumer(
        "Carts", "import json\ndef handler(event, context): return print(event['Records'][0]['body'])"
    )
    cloud = house.open()

    cloud.publish("Carts", {"note": "call me <time> or <id>"})
    cloud.settle()

    event = json.loads(cloud.logs[0][1])
    assert event.pop("id")
    assert event == {
        "version": "0",
        "detail-type": "Carts",
        "source": "shop",
        "account": "123456789012",
        "time": "2026-03-02T09:00:00Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {"note": "call me <time> or <id>"},
    }


def test_a_record_has_all_that_lambda_gives(house: House) -> None:
    house.consumer(
        "Carts", "import json\ndef handler(event, context): return print(json.dumps(event['Records'][0]))"
    )
    cloud = house.open()

    cloud.send("CartsQueue", "hello")
    cloud.settle()

    record = json.loads(cloud.logs[0][1])
    assert record["body"] == "hello"
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"].startswith("arn:aws:sqs:eu-central-1:123456789012:local-CartsQueue")
    assert record["attributes"]["SentTimestamp"] == str(int(MORNING.timestamp() * 1000))
    assert set(record) == {
        "messageId", "receiptHandle", "body", "attributes", "messageAttributes", "md5OfBody", "eventSource",
        "eventSourceARN", "awsRegion",
    }  # fmt: skip


def test_only_the_failed_message_comes_again_after_the_visibility_timeout(house: House) -> None:
    house.consumer("Carts", FAILS_ON_BAD)
    cloud = house.open()
    cloud.send("CartsQueue", "good")
    cloud.send("CartsQueue", "bad")

    assert cloud.settle() == 1
    assert cloud.backlog() == {"CartsQueue": 1}
    cloud.advance(timedelta(seconds=59))
    assert len(cloud.logs) == 1

    cloud.advance(timedelta(seconds=1))
    assert [line for _, line in cloud.logs] == ["2 ['1', '1']", "1 ['2']"]


def test_a_poison_message_ends_in_its_dead_letter_queue_alone(house: House) -> None:
    house.consumer("Carts", FAILS_ON_BAD)
    cloud = house.open()
    cloud.send("CartsQueue", "bad")
    cloud.send("CartsQueue", "good")

    cloud.advance(timedelta(minutes=10))

    assert cloud.dead_letters() == {"CartsQueue": ["bad"]}
    assert cloud.dead_letters() == {"CartsQueue": ["bad"]}
    assert cloud.backlog() == {}


@pytest.mark.parametrize(
    "answer",
    [
        "1 / 0",
        "{'batchItemFailures': [{'itemIdentifier': 'somebody-else'}]}",
        "{'batchItemFailures': [{'itemIdentifier': None}]}",
        "{'batchItemFailures': 'all'}",
        "'nonsense'",
    ],
)
def test_what_lambda_cannot_read_fails_the_whole_batch(house: House, answer: str) -> None:
    house.consumer("Carts", f"def handler(event, context):\n    return {answer}")
    cloud = house.open()
    cloud.send("CartsQueue", "one")
    cloud.send("CartsQueue", "two")

    cloud.settle()

    assert cloud.backlog() == {"CartsQueue": 2}


@pytest.mark.parametrize("answer", ["None", "{}", "{'batchItemFailures': []}"])
def test_an_empty_answer_means_that_all_succeeded(house: House, answer: str) -> None:
    house.consumer("Carts", f"def handler(event, context):\n    return {answer}")
    cloud = house.open()
    cloud.send("CartsQueue", "one")

    cloud.settle()

    assert cloud.backlog() == {}


def test_a_function_can_put_a_message_off_by_its_visibility_and_by_a_delay(house: House) -> None:
    house.consumer(
        "Carts",
        """
        import boto3, os, datetime
        def handler(event, context):
            sqs, url = boto3.client("sqs"), os.environ["QUEUE_URL"]
            failed = []
            for record in event["Records"]:
                print(record["body"], datetime.datetime.now(datetime.UTC).strftime("%H:%M:%S"))
                if record["body"] == "back off" and record["attributes"]["ApproximateReceiveCount"] == "1":
                    sqs.change_message_visibility(
                        QueueUrl=url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=600)
                    sqs.send_message(QueueUrl=url, MessageBody="delayed", DelaySeconds=90)
                    failed.append({"itemIdentifier": record["messageId"]})
            return {"batchItemFailures": failed}
        """,
    )
    cloud = house.open()
    cloud.send("CartsQueue", "back off")

    cloud.advance(timedelta(hours=1))

    assert [line for _, line in cloud.logs] == ["back off 09:00:00", "delayed 09:01:30", "back off 09:10:00"]


def test_a_message_made_visible_at_once_comes_again_in_the_same_settling(house: House) -> None:
    house.consumer(
        "Carts",
        """
        import boto3, os
        def handler(event, context):
            record = event["Records"][0]
            boto3.client("sqs").change_message_visibility(
                QueueUrl=os.environ["QUEUE_URL"], ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0)
            raise ValueError
        """,
    )
    cloud = house.open()
    cloud.send("CartsQueue", "one")

    assert cloud.settle() == 2
    assert cloud.dead_letters()["CartsQueue"] == ["one"]


def test_an_unknown_name_is_answered_with_those_there_are(house: House) -> None:
    house.consumer("Carts", PRINTS_BODIES)
    cloud = house.open()

    with pytest.raises(KeyError, match="CartsQueue"):
        cloud.send("CartQueue", "")
    with pytest.raises(KeyError, match="Carts"):
        cloud.invoke("Cart", {})
