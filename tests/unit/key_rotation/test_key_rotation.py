"""The stack's secrets: made when they are missing, one renewed in time, one never."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from key_rotation.keeping import SecretKeeping
from key_rotation.rules import is_due, with_new_key

NOW = datetime(2027, 12, 31, 23, 30, tzinfo=UTC)
DAYS_90 = timedelta(days=90)
SIGNING, HASH = "/rishta/signing-keys", "/rishta/hash-key"


@pytest.fixture
def keeping() -> Iterator[SecretKeeping]:
    with mock_aws(), time_machine.travel(NOW, tick=False):
        client = boto3.client("ssm", region_name="eu-central-1")
        yield SecretKeeping(client, SIGNING, HASH, DAYS_90, kept=3)


def value(keeping: SecretKeeping, name: str) -> str:
    return keeping.client.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


def days_later(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_a_new_stack_gets_both_secrets_encrypted_and_different(keeping: SecretKeeping) -> None:
    assert keeping.keep(NOW) == {"made": [HASH, SIGNING], "renewed": []}
    assert value(keeping, SIGNING) != value(keeping, HASH)
    for name in (SIGNING, HASH):
        assert len(bytes.fromhex(value(keeping, name))) == 32
        assert keeping.client.get_parameter(Name=name)["Parameter"]["Type"] == "SecureString"


def test_a_stack_that_is_made_again_finds_the_secrets_that_stayed(keeping: SecretKeeping) -> None:
    keeping.keep(NOW)
    before = value(keeping, SIGNING), value(keeping, HASH)
    assert keeping.keep(days_later(1)) == {"made": [], "renewed": []}
    assert (value(keeping, SIGNING), value(keeping, HASH)) == before


def test_an_old_signing_key_is_renewed_and_still_verifies_and_the_hash_key_never_changes(
    keeping: SecretKeeping,
) -> None:
    keeping.keep(NOW)
    first, hashing = value(keeping, SIGNING), value(keeping, HASH)
    with time_machine.travel(days_later(90), tick=False):
        assert keeping.keep(days_later(90)) == {"made": [], "renewed": [SIGNING]}
        assert keeping.keep(days_later(90)) == {"made": [], "renewed": []}, "a repeated run finds it new"
    newest, second = value(keeping, SIGNING).split(",")
    assert second == first != newest
    assert value(keeping, HASH) == hashing


def test_a_lost_secret_is_made_without_touching_the_other(keeping: SecretKeeping) -> None:
    keeping.keep(NOW)
    hashing = value(keeping, HASH)
    keeping.client.delete_parameter(Name=SIGNING)
    assert keeping.keep(days_later(1)) == {"made": [SIGNING], "renewed": []}
    assert value(keeping, HASH) == hashing


def test_after_a_leak_only_the_new_key_is_left(keeping: SecretKeeping) -> None:
    keeping.keep(NOW)
    leaked = value(keeping, SIGNING)
    replace(keeping, kept=1).renew()
    assert leaked not in value(keeping, SIGNING)


@pytest.mark.parametrize(("days", "due"), [(0, False), (89, False), (90, True), (1000, True)])
def test_a_key_serves_ninety_days(days: int, due: bool) -> None:
    assert is_due(NOW, DAYS_90, days_later(days)) is due


@given(st.lists(st.text("0123456789abcdef", min_size=1), max_size=8), st.integers(1, 5))
def test_the_new_key_signs_and_the_newest_of_the_others_verify(older: list[str], kept: int) -> None:
    keys = with_new_key(",".join(older), "new", kept=kept).split(",")
    assert keys == ["new", *older][:kept]
