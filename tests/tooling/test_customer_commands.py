"""`rishta customer`, as it is typed: it shows nothing personal, and erases only when it is told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from in_the_cloud import tell
from local_cloud.cloud import LocalCloud
from rishta_cli.customers import showing
from rishta_cli.customers.commands import app
from rishta_cli.customers.erasing import Erasing
from rishta_cli.customers.person import Person
from rishta_cli.customers.reaching import Ground
from shop_facts import NOW, cart_updated, order_paid, registered

SECOND = timedelta(seconds=1)
GO = ("--go", "--author", "Meera", "--reason", "her letter of 1 March", "--wait", "0")


@pytest.fixture(scope="module")
def shop() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        yield cloud


@pytest.fixture
def cloud(shop: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> LocalCloud:
    """With Asha in it, whoever erased her before."""

    @contextmanager
    def opened(_: str | None, **__: bool) -> Iterator[Ground]:
        yield Ground.of(shop)

    monkeypatch.setattr(showing, "opened", opened)
    shop.advance(by=SECOND)
    tell(shop, registered(name="Asha Iyer", occurred_at=shop.now), cart_updated(occurred_at=shop.now))
    tell(shop, order_paid(occurred_at=shop.now))
    shop.advance(by=SECOND)
    return shop


def customer(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_show_counts_by_capability_and_prints_nothing_personal(cloud: LocalCloud) -> None:
    done = customer("show", "cust-asha")
    assert done.exit_code == 0, done.output
    for told in ("CustomersTable", "CartsTable", "LoyaltyTable", "archive", "35 days"):
        assert told in done.output
    for personal in ("@", "Asha", "Assam"):
        assert personal not in done.output


def test_of_a_stranger_nothing_is_held(cloud: LocalCloud) -> None:
    assert "Nothing is held" in customer("show", "cust-nobody").output


def test_an_export_is_json_that_only_its_owner_may_read(cloud: LocalCloud, tmp_path: Path) -> None:
    file = tmp_path / "asha" / "export.json"
    assert customer("export", "cust-asha", "--to", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    told = json.loads(file.read_text(encoding="utf-8"))
    assert told["tables"]["CustomersTable"]["items"][0]["name"] == "Asha Iyer"


def test_a_file_that_others_may_read_is_replaced_and_not_filled(cloud: LocalCloud, tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text("old")
    file.chmod(0o644)
    assert customer("export", "cust-asha", "--to", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_dry_export_writes_nothing(cloud: LocalCloud, tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    assert customer("export", "cust-asha", "--to", str(file), "--dry-run").exit_code == 0
    assert not file.exists()


@pytest.mark.parametrize("looking", [(), ("--dry-run",), (*GO, "--dry-run")])
def test_without_go_erase_says_what_goes_and_what_stays_and_touches_nothing(
    cloud: LocalCloud, looking: tuple[str, ...]
) -> None:
    before = cloud.table("CustomersTable"), cloud.table("CartsTable")
    done = customer("erase", "cust-asha", *looking)
    assert done.exit_code == 0, done.output
    assert "Nothing was erased" in done.output
    assert "books must be kept" in done.output
    assert (cloud.table("CustomersTable"), cloud.table("CartsTable")) == before


def test_go_wants_to_know_who_and_why(cloud: LocalCloud) -> None:
    assert customer("erase", "cust-asha", "--go").exit_code == 2


def test_an_id_that_can_be_none_is_refused_without_being_repeated(cloud: LocalCloud) -> None:
    done = customer("show", "asha iyer")
    assert done.exit_code == 2
    assert "asha" not in done.output


def test_erased_and_asked_again_it_tells_the_audit_line_and_does_nothing(cloud: LocalCloud) -> None:
    done = customer("erase", "cust-asha", *GO)
    assert done.exit_code == 0, done.output
    assert "Erased" in done.output
    again = customer("erase", "cust-asha", *GO)
    assert again.exit_code == 0, again.output
    assert "Nothing is left to erase" in again.output
    assert "by Meera (her letter of 1 March)" in customer("show", "cust-asha").output


def test_what_is_left_over_is_told_and_fails(cloud: LocalCloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Erasing, "_tell", lambda *_: None)
    done = customer("erase", "cust-asha", *GO)
    assert done.exit_code == 1
    assert "CustomersTable: 1 profiles" in done.output
    assert "Run it again" in done.output


def test_a_person_is_named_by_id_address_or_a_key_with_the_id_and_by_nothing_longer() -> None:
    person = Person("cust-3", "Asha@mail.example.com", b"key")
    for text in ("cust-3", "birthday:cust-3:2027", "asha@mail.example.com"):
        assert person.is_named_in(text)
    for text in ("cust-33", "birthday:cust-33:2027", "other@mail.example.com", ""):
        assert not person.is_named_in(text)
