"""The link in a mail to view it in the browser."""

import re
from datetime import timedelta
from html import unescape

from botocore.exceptions import EndpointConnectionError

from in_the_cloud import stride, tell
from local_cloud.cloud import AwsCall, LocalCloud
from local_cloud.sent_mail import SentMail
from shop_facts import NOW, cart_updated, erased, hours, registered

VIEW = re.compile(r'href="(https://[^"]+/mail\?[^"]+)"')


def a_real_mail(cloud: LocalCloud) -> SentMail:
    tell(cloud, registered(), cart_updated())
    stride(cloud, hours(2))
    return cloud.mails[0]


def link_in(mail: SentMail) -> str:
    found = VIEW.search(mail.html)
    assert found
    return unescape(found[1])


def test_the_page_is_the_mail_as_it_was_sent(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    page = cloud.http("GET", link_in(mail))
    assert (page.status, page.body) == (200, mail.html)
    assert "script" not in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    assert link_in(mail) in mail.text


def test_a_scanner_that_only_asks_for_the_headers_gets_them(cloud: LocalCloud) -> None:
    assert cloud.http("HEAD", link_in(a_real_mail(cloud))).status == 200


def test_a_link_that_was_tampered_with_shows_nobodys_mail(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    for link in (link_in(mail).replace("token=", "token=x"), "/mail", "/mail?token=a.b.c&lang=hi"):
        page = cloud.http("GET", link)
        assert page.status == 404
        assert "Asha" not in page.body
        assert 'lang="hi"' in page.body
        assert 'lang="en"' in page.body


def test_the_link_ends_with_the_customers_erasure(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    cloud.schedules_paused |= cloud.functions.keys()
    cloud.advance(by=timedelta(days=59))
    assert cloud.http("GET", link_in(mail)).status == 200
    tell(cloud, erased(occurred_at=cloud.now))
    assert cloud.http("GET", link_in(mail)).status == 404
    assert cloud.table("MailPagesTable") == []
    tell(cloud, registered(occurred_at=cloud.now + timedelta(seconds=1)))
    assert cloud.http("GET", link_in(mail)).status == 404


def test_the_link_ends_with_the_mails_time(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    cloud.schedules_paused |= cloud.functions.keys()
    cloud.advance(to=NOW + timedelta(days=61))
    assert cloud.http("GET", link_in(mail)).status == 404


def test_while_it_cannot_be_looked_up_the_page_says_so_kindly(cloud: LocalCloud) -> None:
    mail = a_real_mail(cloud)
    assert cloud.http("GET", link_in(mail)).status == 200

    def away(call: AwsCall, moment: str) -> None:
        if call.function == "MailViewFunction" and moment == "before":
            raise EndpointConnectionError(endpoint_url="https://dynamodb.example.com")

    cloud.faults.append(away)
    page = cloud.http("GET", link_in(mail))
    assert page.status == 503
    assert "try it again" in page.body
    assert "Asha" not in page.body
