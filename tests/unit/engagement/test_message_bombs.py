"""A message that is JSON by its letter and endless by its depth or digits is malformed, as any other that is none."""

import pytest

from engagement.bus import parse_fact
from engagement.errors import MalformedMessageError
from engagement.events.customers import CustomerRegistered
from rishta_cli.operating.letters import read_letter
from shop_facts import NOW

BOMBS = {
    "depth in lists": "[" * 100_000,
    "depth in a fact": '{"detail-type": "CustomerRegistered", "detail": '
    + '{"a": ' * 50_000
    + "1"
    + "}" * 50_000
    + "}",
    "a number of five thousand digits": f'{{"detail-type": "CustomerRegistered", "detail": {"9" * 5000}}}',
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_a_door_says_that_it_is_malformed(body: str) -> None:
    with pytest.raises(MalformedMessageError, match="the body is not JSON"):
        parse_fact(body, CustomerRegistered, now=NOW)


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS.keys())
def test_an_operator_who_looks_at_its_dead_letter_is_told_so(body: str) -> None:
    assert read_letter(body, "CustomerProfilesQueue", NOW).unreadable == "it is no JSON"
