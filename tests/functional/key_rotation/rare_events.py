"""What the two days at the shop leave out."""

from datetime import timedelta

from local_cloud.cloud import LocalCloud


def happen(cloud: LocalCloud) -> None:
    """The signing key grows old, and a day's run renews it."""
    later = (cloud.now + timedelta(days=91)).isoformat()
    renewed = cloud.invoke("KeyRotationFunction", {"scheduled_at": later})
    assert renewed.ok, renewed.error
