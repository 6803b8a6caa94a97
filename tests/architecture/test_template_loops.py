"""A function that puts messages on the very queue that calls it."""

import pytest

from tests.architecture.stack import FUNCTIONS_IN_TEMPLATE, listed, logical_id, of_type, statements


def _sends_to(function: str) -> set[str]:
    return {
        logical_id(resource)
        for statement in statements(function)
        if "sqs:SendMessage" in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def _called_by(function: str) -> set[str]:
    mappings = of_type("AWS::Lambda::EventSourceMapping").values()
    return {
        logical_id(each["EventSourceArn"])
        for each in mappings
        if logical_id(each["FunctionName"]) == function
    }


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_who_calls_itself_through_a_queue_says_that_it_means_to(function: str) -> None:
    """Lambda takes 16 such rounds for a runaway loop, and ends it by throwing the message away."""
    loops = _sends_to(function) & _called_by(function)
    allowed = FUNCTIONS_IN_TEMPLATE[function].get("RecursiveLoop") == "Allow"
    assert bool(loops) == allowed, (
        f"{function} puts messages on {loops or 'no queue of its own'}: RecursiveLoop"
    )


def test_birthday_pages_are_such_a_case() -> None:
    assert _sends_to("OccasionOffersPageFunction") & _called_by("OccasionOffersPageFunction")
