"""A bus that takes no facts, in the local cloud: the pages wait on their queue, and nothing is lost or doubled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ConnectTimeoutError

from engagement.events.customers import CustomerRegistered
from in_the_cloud import only_schedule, tell
from local_cloud.cloud import AwsCall, LocalCloud
from shop_facts import NOW, days, hours, registered

PAGE = "OccasionOffersPageFunction"
NINE_IN_KOLKATA = datetime(2027, 3, 2, 3, 30, tzinfo=UTC)
TOO_LATE = NINE_IN_KOLKATA + hours(11)


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NINE_IN_KOLKATA - hours(0.1)) as cloud:
        only_schedule(cloud, "OccasionOffersRunFunction")
        yield cloud


def long_known(customer_id: str) -> CustomerRegistered:
    return registered(customer_id, birthday="1991-03-02", occurred_at=NOW - days(60))


@contextmanager
def bus_takes_nothing(cloud: LocalCloud) -> Iterator[None]:
    """Of ours, for as long."""

    def time_out(call: AwsCall, moment: str) -> None:
        if (call.function, call.operation, moment) == (PAGE, "PutEvents", "before"):
            raise ConnectTimeoutError(endpoint_url="https://events.example.com")

    cloud.faults.append(time_out)
    yield
    cloud.faults.remove(time_out)


def calls(cloud: LocalCloud, operation: str) -> int:
    return sum((call.function, call.operation) == (PAGE, operation) for call in cloud.calls)


def test_after_an_hour_without_the_bus_everyone_is_wished_once(cloud: LocalCloud) -> None:
    tell(cloud, long_known("cust-asha"), long_known("cust-bela"))
    with bus_takes_nothing(cloud):
        cloud.advance(to=NINE_IN_KOLKATA + hours(1))
        assert calls(cloud, "PutEvents") >= 10
        assert cloud.mails == []
    cloud.advance(by=hours(0.5))
    assert sorted(mail.to[0].partition("@")[0] for mail in cloud.mails) == ["cust-asha", "cust-bela"]
    codes = {offer["customer_id"]: offer["code"] for offer in cloud.table("OffersTable")}
    for mail in cloud.mails:
        assert codes[mail.to[0].partition("@")[0]] in mail.html
    assert cloud.backlog() == {}
    assert cloud.dead_letters() == {}


def test_who_could_not_be_wished_in_time_is_skipped_as_too_late_and_offered_nothing_then(
    cloud: LocalCloud,
) -> None:
    tell(cloud, long_known("cust-asha"))
    with bus_takes_nothing(cloud):
        cloud.advance(to=TOO_LATE - hours(0.01))
        tried = calls(cloud, "PutEvents"), calls(cloud, "PutItem")
        assert tried[0] >= 100
    cloud.advance(by=hours(0.2))
    assert (calls(cloud, "PutEvents"), calls(cloud, "PutItem")) == tried
    assert cloud.mails == []
    log = {
        entry["send_key"]: (entry["mail_status"], entry["reason"]) for entry in cloud.table("MailLogTable")
    }
    assert log == {"birthday_offer:cust-asha:2027": ("skipped", "too_late")}
    assert cloud.backlog() == {}
    assert cloud.dead_letters() == {}
