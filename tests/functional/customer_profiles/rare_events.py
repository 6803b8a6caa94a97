"""What the two days at the shop leave out."""

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from shop_facts import profile_updated


def happen(cloud: LocalCloud) -> None:
    """A customer moves."""
    tell(cloud, profile_updated("asha", time_zone="Asia/Dubai", occurred_at=cloud.now))
