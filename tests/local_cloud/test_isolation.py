from __future__ import annotations

import os
import sys

import pytest

from local_cloud import AwsCall, Killed, TimedOut
from tests.local_cloud.house import House

COUNTS = """
    import os, shared
    def handler(event, context):
        shared.seen.append(os.environ["OWN"])
        return list(shared.seen)
"""

MODEL = """
    from typing import Annotated, ClassVar
    from pydantic import BaseModel, Field
    class Line(BaseModel):
        price: Annotated[int, Field(ge=0)]
    class Sale(BaseModel):
        sold: ClassVar[list[str]] = []
        lines: list[Line]
"""


def test_two_functions_have_a_layer_each(house: House) -> None:
    house.consumer("Carts", COUNTS)
    house.consumer("Orders", COUNTS)
    cloud = house.open()

    assert cloud.invoke("Carts", {}).result == ["Carts"]
    assert cloud.invoke("Orders", {}).result == ["Orders"]
    assert cloud.invoke("Carts", {}).result == ["Carts", "Carts"]


def test_a_module_that_the_test_imported_is_neither_used_nor_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.consumer("Carts", COUNTS)
    monkeypatch.syspath_prepend(str(house.folder / "layers" / "shared"))
    import shared  # type: ignore[import-not-found]

    shared.seen.append("the test's")
    path = list(sys.path)
    cloud = house.open()

    assert cloud.invoke("Carts", {}).result == ["Carts"]
    assert sys.modules["shared"] is shared
    assert shared.seen == ["the test's"]
    assert sys.path == path
    assert "carts" not in sys.modules
    del sys.modules["shared"]


def test_two_functions_have_a_layers_classes_each_and_a_model_can_be_used_by_both(house: House) -> None:
    house.write("layers/shared/shared/__init__.py", MODEL)
    source = """
        import os
        from shared import Sale
        def handler(event, context):
            Sale.sold.append(os.environ["OWN"])
            return [Sale.model_validate(event).model_dump(mode="json"), Sale.sold]
    """
    house.consumer("Carts", source)
    house.consumer("Orders", source)
    cloud = house.open()

    results = [cloud.invoke(function, {"lines": [{"price": "3"}]}).result for function in ("Carts", "Orders")]

    assert results == [[{"lines": [{"price": 3}]}, [name]] for name in ("Carts", "Orders")]
    refused = cloud.invoke("Orders", {"lines": [{"price": -1}]})
    assert "lines.0.price" in refused.trace


def test_the_next_cloud_and_a_cold_start_after_a_crash_find_a_functions_code_as_it_is_written(
    house: House,
) -> None:
    house.consumer(
        "Carts",
        """
        import os
        from functools import cache
        import shared
        from carts import late_news
        class Till:
            sold = []
            @staticmethod
            @cache
            def opened(): return shared.seen.append("opened")
            @classmethod
            def sell(cls): cls.sold.append("tea")
        greeted = 0
        by_name = {"asha": 1}
        @cache
        def first(): return shared.seen.append("first")
        def handler(event, context):
            global greeted, forgotten
            first(); Till.opened(); Till.sell(); by_name["more"] = len(by_name)
            greeted += 1
            left = "forgotten" in globals()
            forgotten = True
            from carts import late
            late.seen.append("late")
            if event.get("crash"):
                os.environ["CRASHED"] = "yes"
                raise SystemExit
            found = [shared.seen, Till.sold, greeted, by_name, left, late.seen, late_news.told()]
            return [*found, "CRASHED" in os.environ]
        """,
    )
    house.write("functions/carts/carts/late.py", "seen = []")
    house.write(
        "functions/carts/carts/late_news.py", "def told():\n    import carts.late\n    return carts.late.seen"
    )
    cold = [["first", "opened"], ["tea"], 1, {"asha": 1, "more": 1}, False, ["late"], ["late"], False]
    cloud = house.open()
    assert cloud.invoke("Carts", {}).result == cold
    assert cloud.invoke("Carts", {}).result != cold

    cloud.invoke("Carts", {"crash": True})
    assert cloud.invoke("Carts", {}).result == cold

    assert house.open().invoke("Carts", {}).result == cold


def test_a_function_that_was_written_anew_is_run_as_it_is_now(house: House) -> None:
    house.consumer("Carts", "def handler(event, context): return 'old'")
    assert house.open().invoke("Carts", {}).result == "old"

    house.room("carts", "def handler(event, context): return 'newer'")

    assert house.open().invoke("Carts", {}).result == "newer"


def test_a_siblings_package_cannot_be_imported(house: House) -> None:
    house.consumer("Carts", "import orders.door\ndef handler(event, context): ...")
    house.consumer("Orders", COUNTS)
    cloud = house.open()
    cloud.invoke("Orders", {})

    invocation = cloud.invoke("Carts", {})

    assert isinstance(invocation.error, ModuleNotFoundError)


def test_a_door_that_cannot_be_imported_leaves_its_messages_in_the_queue(house: House) -> None:
    house.consumer("Carts", "raise RuntimeError('cold')")
    cloud = house.open()
    cloud.send("CartsQueue", "one")

    cloud.settle()

    assert cloud.backlog() == {"CartsQueue": 1}
    assert "RuntimeError: cold" in cloud.invocations[0].trace


def test_a_function_sees_its_own_environment_and_not_the_developers(
    monkeypatch: pytest.MonkeyPatch, house: House
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    house.consumer("Carts", "import os\ndef handler(event, context): return dict(os.environ)")
    cloud = house.open()
    before = dict(os.environ)

    seen = cloud.invoke("Carts", {}).result

    assert seen["OWN"] == "Carts"
    assert seen["SECRET"].startswith("local-Secret-0123456789abcdef")
    assert seen["AWS_LAMBDA_FUNCTION_NAME"] == "local-Carts"
    assert seen["TABLE"] == "local-Things"
    assert seen["QUEUE_URL"] == cloud.resources["CartsQueueQueue"]
    assert "AWS_PROFILE" not in seen
    assert dict(os.environ) == before
    assert "OWN" not in os.environ


def test_each_function_reads_a_cached_parameter_for_itself(house: House) -> None:
    source = """
        from aws_lambda_powertools.utilities import parameters
        def handler(event, context): return parameters.get_parameter("/local/rate", max_age=3600)
    """
    house.consumer("Carts", source)
    house.consumer("Orders", source)
    house.declare(
        "  Rate: {Type: AWS::SSM::Parameter, Properties: {Name: /local/rate, Type: String, Value: '14'}}\n"
    )
    cloud = house.open()

    results = [cloud.invoke(function, {}).result for function in ("Carts", "Orders", "Carts")]

    assert results == ["14", "14", "14"]
    assert [(call.function, call.actions) for call in cloud.calls] == [
        ("Carts", ("ssm:GetParameter",)),
        ("Orders", ("ssm:GetParameter",)),
    ]


def test_output_and_logging_belong_to_the_invocation(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.consumer(
        "Carts",
        """
        import logging
        from aws_lambda_powertools import Logger
        logger = Logger(service="carts")
        def handler(event, context):
            print("printed")
            logging.warning("warned")
            logger.info("structured")
        """,
    )
    cloud = house.open()

    for _ in range(2):
        printed, warned, structured = cloud.invoke("Carts", {}).logs
        assert (printed, warned) == ("printed", "warned")
        assert '"message":"structured"' in structured
    assert capsys.readouterr() == ("", "")


def test_a_function_that_takes_too_long_is_stopped_and_starts_afresh(house: House) -> None:
    house.consumer(
        "Carts",
        """
        import time, shared
        def handler(event, context):
            shared.seen.append(context.get_remaining_time_in_millis())
            if event.get("slow"):
                try:
                    time.sleep(30)
                except Exception:
                    print("survived")
            return len(shared.seen)
        """,
        timeout=1,
    )
    cloud = house.open()
    assert cloud.invoke("Carts", {}).result == 1

    stopped = cloud.invoke("Carts", {"slow": True})

    assert isinstance(stopped.error, TimedOut)
    assert "survived" not in stopped.logs
    assert cloud.invoke("Carts", {}).result == 1


def test_a_function_killed_between_two_calls_has_done_the_first_only(house: House) -> None:
    house.consumer(
        "Carts",
        """
        import boto3, os
        def handler(event, context):
            table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
            table.put_item(Item={"thing_id": "first"})
            table.put_item(Item={"thing_id": "second"})
        """,
    )
    cloud = house.open()
    cloud.send("CartsQueue", "one")

    def kill_after_the_first(call: AwsCall, moment: str) -> None:
        if call.operation == "PutItem" and moment == "after":
            raise Killed

    cloud.faults.append(kill_after_the_first)
    cloud.settle()

    assert isinstance(cloud.invocations[0].error, Killed)
    assert cloud.table("Things") == [{"thing_id": "first"}]
    assert cloud.backlog() == {"CartsQueue": 1}


def test_a_result_that_is_no_json_is_an_error(house: House) -> None:
    house.consumer("Carts", "def handler(event, context): return object()")

    assert isinstance(house.open().invoke("Carts", {}).error, TypeError)
