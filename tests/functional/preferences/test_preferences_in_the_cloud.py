"""Preferences in the local cloud: the shop's facts, and the pages behind the links in a real mail."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from engagement.events.base import Event
from engagement.observability import customer_ref
from engagement.plan import engagement_plan
from in_the_cloud import stride
from local_cloud.cloud import AwsCall, Killed, LocalCloud, SentMail
from shop_facts import NOW, cart_updated, consent_changed, failures, hours, profile_updated, registered

EVENTS = Path(__file__).parents[3] / "events/preferences"
FORM = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=sep"}
ONE_CLICK = "List-Unsubscribe=One-Click"


@pytest.fixture
def samples_cloud() -> Iterator[LocalCloud]:
    """The samples' links were signed with this key."""
    with LocalCloud(now=NOW) as cloud:
        name = cloud.functions["PreferencesPageFunction"].environment["SIGNING_KEYS_PARAMETER"]
        key = "0123456789abcdef0123456789abcdef"
        ssm = boto3.client("ssm", region_name="eu-central-1")
        ssm.put_parameter(Name=name, Value=key, Type="SecureString", Overwrite=True)
        yield cloud


def tell(cloud: LocalCloud, *facts: Event) -> None:
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def consent(cloud: LocalCloud, customer: str = "cust-asha") -> dict[str, bool]:
    items = (item for item in cloud.table("ContactsTable") if item["customer_id"] == customer)
    return {
        name.removeprefix("topic:"): decision["granted"]
        for item in items
        for name, decision in item.items()
        if name.startswith("topic:")
    }


def a_real_mail(cloud: LocalCloud, **profile: Any) -> SentMail:
    tell(cloud, registered(**profile), cart_updated())
    stride(cloud, hours(2))
    (mail,) = [mail for mail in cloud.mails if mail.tags["Campaign"] == "cart_nudge"]
    return mail


def link_in(mail: SentMail, page: str = "unsubscribe") -> str:
    (link,) = re.findall(rf'href="([^"]+/{page}\?[^"]+)"', mail.html)
    return unescape(link)


def erasure_link(mail: SentMail) -> str:
    return link_in(mail, "preferences").replace("/preferences?", "/preferences/erase?")


def profile(cloud: LocalCloud) -> dict[str, Any]:
    (item,) = cloud.table("CustomersTable")
    return item


@contextmanager
def away(cloud: LocalCloud, operation: str) -> Iterator[None]:
    """AWS does not answer this operation for as long."""

    def cut_off(call: AwsCall, moment: str) -> None:
        if (call.function, call.operation, moment) == ("PreferencesPageFunction", operation, "before"):
            raise EndpointConnectionError(endpoint_url="https://aws.example.com")

    cloud.faults.append(cut_off)
    yield
    cloud.faults.remove(cut_off)


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


ALL = set(engagement_plan().topics)


@pytest.mark.parametrize(
    ("name", "status", "left", "told"),
    [
        ("show_page", 200, set(), []),
        ("head_of_the_page", 200, set(), []),
        ("form_posted", 200, {"reminders", "offers"}, ["Unsubscribed", "ConsentChanged"]),
        ("one_click", 200, {"reminders"}, ["Unsubscribed"]),
        ("one_click_multipart", 200, {"reminders"}, ["Unsubscribed"]),
        ("one_click_of_an_old_mail", 200, {"reminders"}, ["ConsentChanged"]),
        ("without_token", 400, set(), []),
        ("damaged_token", 400, set(), []),
        ("preferences_shown", 200, set(), []),
        ("preferences_saved", 200, {"reminders"}, ["ConsentChanged", "CustomerUpdated"]),
        ("preferences_with_no_such_day", 422, {"reminders"}, ["ConsentChanged"]),
        ("preferences_all_stopped", 200, ALL, ["ConsentChanged"] * len(ALL)),
        ("erasure_shown", 200, set(), []),
        ("erasure_confirmed", 200, ALL, ["CustomerErased"]),
    ],
)
def test_each_sample_of_a_request_is_answered_as_it_should(
    samples_cloud: LocalCloud, name: str, status: int, left: set[str], told: list[str]
) -> None:
    tell(samples_cloud, registered("cust-1042"))
    before = len(samples_cloud.calls)
    answer = samples_cloud.invoke("PreferencesPageFunction", sample("page_door", f"{name}.json")).result
    assert answer["statusCode"] == status
    assert {topic for topic, granted in consent(samples_cloud, "cust-1042").items() if not granted} == left
    puts = (call for call in samples_cloud.calls[before:] if call.operation == "PutEvents")
    assert [entry["DetailType"] for call in puts for entry in call.parameters["Entries"]] == told
    assert {path.stem for path in EVENTS.joinpath("page_door").iterdir()} >= {name}


def test_the_link_of_a_real_mail_shows_a_page_and_its_button_unsubscribes(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud, locale="hi-IN"))
    page = cloud.http("GET", link)
    assert page.status == 200
    assert '<html lang="hi"' in page.body
    assert consent(cloud) == {"offers": True, "reminders": True, "reviews": True, "loyalty": True}
    done = cloud.http("POST", link, body="also=reviews", headers=FORM)
    assert done.status == 200
    assert consent(cloud) == {"offers": True, "reminders": False, "reviews": False, "loyalty": True}
    tell(cloud, cart_updated("cart-10", occurred_at=cloud.now))
    stride(cloud, hours(2))
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
    assert consent(cloud) == {"offers": True, "reminders": False, "reviews": True, "loyalty": True}


def test_mail_scanners_that_follow_the_links_change_nothing(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    before = (cloud.table("ContactsTable"), cloud.table("CustomersTable"))
    for link in (link_in(mail), link_in(mail, "preferences"), erasure_link(mail)):
        for _ in range(2):
            shown, asked = cloud.http("GET", link), cloud.http("HEAD", link)
            assert (shown.status, asked.status, asked.body) == (200, 200, "")
            assert shown.headers == asked.headers
    cloud.settle()
    assert (cloud.table("ContactsTable"), cloud.table("CustomersTable")) == before


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
    assert cloud.table("ContactsTable") == []


def test_unsubscribing_killed_at_any_call_is_complete_after_the_next_click(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud))
    for at in range(4):
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
        assert consent(cloud) == {"offers": False, "reminders": False, "reviews": True, "loyalty": True}


def test_what_a_customer_says_of_themselves_reaches_their_profile_and_the_next_mail(
    cloud: LocalCloud,
) -> None:
    link = link_in(a_real_mail(cloud), "preferences")
    page = cloud.http(
        "POST", link, body="language=hi&time_zone=Asia/Dubai&day=29&month=2&year=", headers=FORM
    )
    assert page.status == 200
    cloud.settle()
    kept = profile(cloud)
    assert (kept["locale"], kept["time_zone"], kept["birthday"]) == ("hi-IN", "Asia/Dubai", "--02-29")


def test_a_customer_on_a_break_is_not_reminded(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud), "preferences")
    cloud.http("POST", link, body="pause=month", headers=FORM)
    tell(cloud, cart_updated("cart-10", occurred_at=cloud.now))
    stride(cloud, hours(2))
    assert len(cloud.mails) == 1


def test_an_erased_customer_stays_erased_though_the_shop_tells_of_them_later(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    assert cloud.http("POST", erasure_link(mail), body="", headers=FORM).status == 200
    cloud.settle()
    tell(cloud, profile_updated(occurred_at=cloud.now + timedelta(minutes=1)))
    assert profile(cloud).keys() == {"customer_id", "erased_at"}
    assert set(consent(cloud).values()) == {False}
    page = cloud.http("GET", link_in(mail, "preferences"))
    assert (page.status, "We have no settings for you" in page.body) == (200, True)
    tell(cloud, registered(occurred_at=cloud.now + timedelta(minutes=2)))
    assert profile(cloud)["email"] == "cust-asha@mail.example.com"


def test_with_the_bus_away_a_one_click_unsubscribe_holds_and_is_counted_as_untold(cloud: LocalCloud) -> None:
    link = link_in(a_real_mail(cloud))
    with away(cloud, "PutEvents"):
        assert cloud.http("POST", link, body=ONE_CLICK, headers=FORM).status == 200
    assert consent(cloud)["reminders"] is False
    assert any('"FactsNotTold"' in line for _, line in cloud.logs)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_with_the_tables_away_there_is_a_page_that_says_so(cloud: LocalCloud, method: str) -> None:
    mail = a_real_mail(cloud, locale="hi-IN")
    for link in (link_in(mail, "preferences"), erasure_link(mail)):
        with away(cloud, "BatchGetItem"):
            page = cloud.http(method, link, body="", headers=FORM)
        assert (page.status, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert '<html lang="hi"' in page.body


def test_nothing_personal_is_logged(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    cloud.http("POST", link_in(mail), body=ONE_CLICK, headers=FORM)
    cloud.http("POST", link_in(mail, "preferences"), body="language=hi&day=28&month=2", headers=FORM)
    with away(cloud, "PutEvents"):
        cloud.http("POST", erasure_link(mail), body="", headers=FORM)
    cloud.http("POST", erasure_link(mail), body="", headers=FORM)
    lines = "\n".join(line for function, line in cloud.logs if function.startswith("Preferences"))
    assert customer_ref("cust-asha") in lines
    for personal in ("cust-asha", "Asha", "02-28", "mail.example.com", "cart-9"):
        assert personal not in lines
