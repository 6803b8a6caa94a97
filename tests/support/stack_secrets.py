"""The secrets of a local cloud, which functions read from SSM."""

import boto3

from local_cloud.cloud import LocalCloud


def signing_keys(cloud: LocalCloud) -> tuple[bytes, ...]:
    """What links in this cloud's mails are signed with, the newest first."""
    name = cloud.functions["PreferencesPageFunction"].environment["SIGNING_KEYS_PARAMETER"]
    ssm = boto3.client("ssm", region_name="eu-central-1")
    value = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
    return tuple(key.encode() for key in value.split(",") if key)
