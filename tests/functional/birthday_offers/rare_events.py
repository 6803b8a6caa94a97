"""What the two days at the shop leave out."""

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from shop_facts import registered


def happen(cloud: LocalCloud) -> None:
    """More customers than a page holds have their birthday on one day in one zone."""
    crowd = (
        registered(f"cust-{number}", birthday="1990-03-02", occurred_at=cloud.now) for number in range(101)
    )
    tell(cloud, *crowd)
