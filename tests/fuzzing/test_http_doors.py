"""What anybody may ask over HTTP: never a fault of ours, never their own markup given back, and no stranger's doing."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz_cloud import FuzzCloud
from fuzz_doors import doors, samples
from fuzz_requests import INJECTED, PURPOSES, claims, requests, tokens
from fuzz_words import MARK
from shop_facts import NOW

_SECRET = "SIGNING_KEYS_PARAMETER"
_SHOPS_FACTS = ("CustomerProfilesFactsFunction", "CartNudgesFactsFunction", "LoyaltyFactsFunction")


@pytest.fixture(scope="module")
def shop(cloud: FuzzCloud) -> Iterator[FuzzCloud]:
    """With the customers, carts and points of the samples."""
    with cloud.a_new_day(NOW):
        for door in _SHOPS_FACTS:
            for body in samples(door).bodies:
                cloud.publish(body["detail-type"], body["detail"], source=body["source"])
        cloud.settle()
        assert cloud.table("CartsTable")
        assert cloud.table("CustomersTable")
        assert cloud.table("LoyaltyTable")
        yield cloud


@pytest.mark.parametrize("function", doors("http"))
@given(data=st.data())
def test_whatever_is_asked_is_answered(shop: FuzzCloud, function: str, data: st.DataObject) -> None:
    route = data.draw(st.sampled_from([each for each in shop._routes if each.function == function]))
    parameter = shop.functions["PreferencesPageFunction"].environment[_SECRET]
    keys = tuple(key.encode() for key in shop.aws.parameters[parameter][-1][0].split(","))
    token, is_ours = data.draw(tokens(keys, route.path, data.draw(claims(NOW))))
    event = data.draw(requests(route, token, NOW))

    with shop.a_new_day(NOW):
        before = shop.left()
        answer = shop.invoke(function, event)
        assert answer.ok, answer.trace
        assert not any("error" in line and "place" in line for line in answer.logs), answer.logs
        assert not any(MARK in line for line in answer.logs), "words of a request are in a log line"
        status, body = answer.result["statusCode"], answer.result["body"]
        assert 200 <= status < 500
        headers = {name.lower(): value for name, value in answer.result["headers"].items()}
        assert not [value for value in headers.values() if not value.isprintable()]
        if route.path in PURPOSES and not is_ours:
            assert shop.left() == before
        assert INJECTED not in body
        if "html" in headers.get("content-type", ""):
            assert not re.search(f"<(i|script|img)[^>]*{MARK}", body)
        elif "json" in headers.get("content-type", ""):
            json.loads(body)
