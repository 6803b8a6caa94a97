"""A key that is renewed while links to its predecessor are in people's mailboxes."""

from local_cloud.cloud import LocalCloud
from points_in_the_cloud import link_to
from shop_facts import NOW
from stack_secrets import signing_keys
from tests.functional.key_rotation.rare_events import happen


def test_links_signed_before_and_after_a_renewal_both_work() -> None:
    with LocalCloud(now=NOW) as cloud:
        old = link_to(cloud)
        happen(cloud)
        assert len(signing_keys(cloud)) == 2
        new = link_to(cloud)
        assert new != old
        assert [cloud.http("GET", link).status for link in (old, new)] == [200, 200]
