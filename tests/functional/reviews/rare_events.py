"""What the two days at the shop leave out."""

from datetime import timedelta

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from reviews_in_the_cloud import asked_by_the_shop, bus_away, link_to, rating, reviews, send_form
from shop_facts import erased, review_invited, review_moderated


def happen(cloud: LocalCloud) -> None:
    """A review is shown by a person's decision, another is told late, one product's reviews are read, and whoever wrote
    them is forgotten.
    """
    customer = "cust-rare-reviews"
    tell(cloud, review_invited(customer, "oolong", "rooibos", occurred_at=cloud.now))
    send_form(cloud, link_to(cloud, "oolong", customer), 4, "My lawyer likes it")
    held = reviews(cloud)["oolong"]
    shown = review_moderated(
        held["review_id"], published=True, revision=int(held["revision"]), occurred_at=cloud.now
    )
    tell(cloud, shown)
    with bus_away(cloud, "ReviewsPageFunction"):
        send_form(cloud, link_to(cloud, "rooibos", customer), 5, "A cup of evening")
    cloud.advance(by=timedelta(minutes=16))
    assert rating(cloud, "oolong", "rooibos") == [(1, 4.0), (1, 5.0)]
    asked_by_the_shop(cloud, "/reviews?product_id=oolong")
    tell(cloud, erased(customer, occurred_at=cloud.now))
