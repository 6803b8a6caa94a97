"""Preferences in the local cloud: the shop's facts, and the page behind the link in a real mail."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engagement.events.base import Event
from engagement.observability import customer_ref
from engagement.plan import engagement_plan
from local_cloud.cloud import AwsCall, Killed, LocalCloud, SentMail
from shop_facts import NOW, cart_updated, consent_changed, failures, hours, registered

EVENTS = Path(__file__).parents[3] / "events/preferences"
FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=sep"}
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def samples_cloud() -> Iterator[LocalCloud]:
    """The samples' links were signed with this key."""
    with LocalCloud(now=NOW, parameters={"SigningKey": "0123456789abcdef0123456789abcdef"}) as cloud:
        yield cloud


def tell(cloud: LocalCloud, *facts: Event) -> None:
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def consent(cloud: LocalCloud, customer: str = "cust-asha") -> dict[str, bool]:
    items = cloud.table("ConsentTable")
    return {item["topic"]: item["granted"] for item in items if item["customer_id"] == customer}


def a_real_mail(cloud: LocalCloud, **profile: Any) -> SentMail:
    tell(cloud, registered(**profile), cart_updated())
    cloud.advance(by=hours(2))
    (mail,) = [mail for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge"]
    return mail


def link_in(mail: SentMail) -> str:
    return mail.headers["List-Unsubscribe"].strip("<>")


def sample(*path: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(EVENTS.joinpath(*path).read_text(encoding="utf-8"))
    return event


@pytest.mark.parametrize(
    ("name", "decisions"),
    [
        ("customer_registered", {"offers": True, "reminders": True, "reviews": True}),
        ("consent_changed", {"offers": False}),
        ("customer_erased", dict.fromkeys(engagement_plan().topics, False)),
        ("duplicate", {"offers": False}),
        ("registered_again_after_leaving", {"offers": False, "reminders": True, "reviews": True}),
        ("malformed", {}),
        ("mixed_batch", dict.fromkeys(engagement_plan().topics, False)),
    ],
)
def test_each_sample_leaves_the_decisions_it_should_and_exactly_its_poison_fails(
    cloud: LocalCloud, name: str, decisions: dict[str, bool]
) -> None:
    event = sample("facts_door", f"{name}.json")
    ids = [record["messageId"] for record in event["Records"]]
    answer = cloud.invoke("PreferencesFactsFunction", event).result
    assert failures(answer) == [each for each in ids if each.startswith("poison-")]
    assert consent(cloud, "cust-1042") == decisions


@pytest.mark.parametrize(
    ("name", "status", "left"),
    [
        ("show_page", 200, set()),
        ("form_posted", 200, {"reminders", "offers"}),
        ("one_click", 200, {"reminders"}),
        ("one_click_multipart", 200, {"reminders"}),
        ("without_token", 400, set()),
        ("damaged_token", 400, set()),
    ],
)
def test_each_sample_of_a_request_is_answered_as_it_should(
    samples_cloud: LocalCloud, name: str, status: int, left: set[str]
) -> None:
    tell(samples_cloud, registered("cust-1042"))
    answer = samples_cloud.invoke("PreferencesPageFunction", sample("page_door", f"{name}.json")).result
    assert answer["statusCode"] == status
    assert {topic for topic, granted in consent(samples_cloud, "cust-1042").items() if not granted} == left


def test_the_link_of_a_real_mail_shows_a_page_and_its_button_unsubscribes(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud, locale="hi-IN"))
    page = cloud.http("GET", link)
    assert page.status == 200
    assert '<html lang="hi">' in page.body
    assert consent(cloud) == {"offers": True, "reminders": True, "reviews": True}
    done = cloud.http("POST", link, body="also=reviews", headers=FORM)
    assert done.status == 200
    assert consent(cloud) == {"offers": True, "reminders": False, "reviews": False}
    tell(cloud, cart_updated("cart-10", occurred_at=cloud.now))
    cloud.advance(by=hours(2))
    assert len(cloud.mails) == 1


@pytest.mark.parametrize(
    ("body", "headers"), [(ONE_CLICK, FORM), ('--sep\r\nname="List-Unsubscribe"\r\n--sep--', MULTIPART)]
)
def test_a_mail_programs_one_click_unsubscribes_and_twice_is_as_once(
    cloud: LocalCloud, body: str, headers: dict[str, str]
) -> None:
    link = link_in(a_real_mail(cloud))
    first = cloud.http("POST", link, body=body, headers=headers)
    again = cloud.http("POST", link, body=body, headers=headers)
    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body
    assert consent(cloud) == {"offers": True, "reminders": False, "reviews": True}


def test_mail_scanners_that_follow_the_link_unsubscribe_nobody(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud))
    for _ in range(3):
        cloud.http("GET", link)
    assert cloud.http("HEAD", link).status in {404, 405}
    assert all(consent(cloud).values())


def test_a_registration_told_again_after_an_unsubscribe_re_subscribes_nobody(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud))
    cloud.http("POST", link, body=ONE_CLICK, headers=FORM)
    tell(cloud, registered())
    assert consent(cloud)["reminders"] is False
    tell(cloud, consent_changed(granted=True, occurred_at=cloud.now + timedelta(minutes=1)))
    assert consent(cloud)["reminders"] is True


def test_a_link_that_does_not_work_says_so_in_both_languages(cloud: LocalCloud) -> None:
    for method in ("GET", "POST"):
        for query in ("", "?token=", "?token=1.e30.AAAA", "?token=%FF%FE&lang=%00"):
            page = cloud.http(method, f"/unsubscribe{query}")
            assert page.status == 400
            assert 'lang="en"' in page.body
            assert 'lang="hi"' in page.body
            assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert cloud.table("ConsentTable") == []


def test_unsubscribing_killed_at_any_call_is_complete_after_the_next_click(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud))
    for at in range(3):
        seen = [0]

        def kill(call: AwsCall, moment: str, at: int = at, seen: list[int] = seen) -> None:
            if call.function == "PreferencesPageFunction" and moment == "after":
                seen[0] += 1
                if seen[0] == at + 1:
                    raise Killed

        cloud.faults.append(kill)
        cloud.http("POST", link, body="also=offers", headers=FORM)
        cloud.faults.clear()
        assert cloud.http("POST", link, body="also=offers", headers=FORM).status == 200
        assert consent(cloud) == {"offers": False, "reminders": False, "reviews": True}


def test_nothing_personal_is_logged(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud))
    cloud.http("POST", link, body=ONE_CLICK, headers=FORM)
    lines = "\n".join(line for function, line in cloud.logs if function.startswith("Preferences"))
    assert customer_ref("cust-asha") in lines
    assert "cust-asha" not in lines
