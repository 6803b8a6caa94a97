"""What stands open to the world: a page whose link is not ours, or is another page's, shows and does nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cart_nudges.links.restore_link import RESTORE_CART
from engagement.clock import to_text
from engagement.mail_composer import PREFERENCES, UNSUBSCRIBE, VIEW_MAIL
from engagement.review_links import WRITE_REVIEW
from engagement.signed_tokens import sign_token
from local_cloud.cloud import LocalCloud
from loyalty.links import SEE_POINTS
from shop_facts import NOW
from stack_secrets import signing_keys

PAGES = {
    "/cart": RESTORE_CART,
    "/mail": VIEW_MAIL,
    "/points": SEE_POINTS,
    "/preferences": PREFERENCES,
    "/preferences/erase": PREFERENCES,
    "/review": WRITE_REVIEW,
    "/unsubscribe": UNSUBSCRIBE,
}
PURPOSES = sorted(set(PAGES.values()))
# Whatever any page asks of its token.
CLAIMS = {
    "customer_id": "cust-asha",
    "topic": "cart_nudges",
    "send_key": "cart_nudge:c-1:1",
    "cart_id": "c-1",
    "review_id": "r-1",
    "until": to_text(NOW + timedelta(days=365)),
}


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        yield cloud


OPEN = sorted((path, method) for path in PAGES for method in ("GET", "HEAD", "POST"))


def follow(cloud: LocalCloud, path: str, method: str, token: str | None) -> tuple[int, list[str]]:
    """The page's status, and what it did in AWS beyond reading its keys and the plan."""
    before = len(cloud.calls)
    query = "" if token is None else f"?token={token}"
    form = {"content-type": "application/x-www-form-urlencoded"}
    body = "leave=all&pause=month&stars=5" if method == "POST" else None
    answer = cloud.http(method, path + query, body=body, headers=form)
    assert "cust-asha" not in answer.body
    return answer.status, [
        call.operation for call in cloud.calls[before:] if call.operation != "GetParameter"
    ]


@pytest.mark.parametrize(("path", "method"), OPEN)
def test_a_link_of_another_page_or_of_a_stranger_opens_nothing(
    cloud: LocalCloud, path: str, method: str
) -> None:
    if cloud.http(method, path).invocation is None:
        assert (
            method == "POST"
        )  # that these are all there are, tests/architecture/test_template_security.py tells
        return
    keys = signing_keys(cloud)
    own = sign_token(keys, PAGES[path], CLAIMS)
    key_id, payload, signature = own.split(".")
    other = sign_token(keys, PAGES[path], CLAIMS | {"customer_id": "cust-other"}).split(".")[1]
    forged = {
        "none": None,
        "an empty one": "",
        "noise": "%F0%9F%99%82.%00%0d%0a.' OR 1=1--",
        "a stranger's key": sign_token((b"guessed",), PAGES[path], CLAIMS),
        "a stranger's key under our id": f"{key_id}.{sign_token((b'guessed',), PAGES[path], CLAIMS).partition('.')[2]}",
        "another customer's": f"{key_id}.{other}.{signature}",
        "unsigned": f"{key_id}.{payload}.",
        "half a signature": f"{key_id}.{payload}.{signature[:8]}",
        **{
            f"made to {purpose}": sign_token(keys, purpose, CLAIMS)
            for purpose in PURPOSES
            if purpose != PAGES[path]
        },
    }
    opened = {
        why: answer
        for why, token in forged.items()
        if (answer := follow(cloud, path, method, token))[1] or not 400 <= answer[0] < 500
    }
    assert not opened


@pytest.mark.parametrize("path", sorted(PAGES))
def test_its_own_link_is_looked_into(cloud: LocalCloud, path: str) -> None:
    """Or the test above would show nothing."""
    assert follow(cloud, path, "GET", sign_token(signing_keys(cloud), PAGES[path], CLAIMS))[1]
