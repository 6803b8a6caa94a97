"""The list of time zones: complete, in the customer's language, each under its region."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest

from preferences.time_zones_by_region import REGIONS, choices, choices_by_region, known_time_zones
from shop_facts import NOW


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_zone_stands_once_under_its_region_by_the_name_of_its_city(language: str) -> None:
    regions = choices_by_region(language, NOW)
    assert tuple(regions) == REGIONS
    names = [each.time_zone for zones in regions.values() for each in zones]
    assert len(names) == len(set(names)) > 400
    assert set(names) <= known_time_zones()
    for region, zones in regions.items():
        assert zones
        assert all(each.time_zone.startswith(f"{region}/") for each in zones)
        assert all(a.city.casefold() <= b.city.casefold() for a, b in pairwise(zones))


def test_cities_are_called_as_they_are_today_and_in_hindi_by_their_hindi_names() -> None:
    for language, expected in (("en", "Kolkata"), ("hi", "कोलकाता")):
        (kolkata,) = choices(["Asia/Kolkata"], language, NOW)
        assert (kolkata.city, kolkata.clock) == (expected, "17:30")
    hindi = [each.city for zones in choices_by_region("hi", NOW).values() for each in zones]
    # A zone of this very year may still lack its name.
    assert len([city for city in hindi if re.search("[A-Za-z]", city)]) <= 2


def test_the_clock_is_the_one_there_now() -> None:
    winter, summer = (choices(["Europe/Berlin"], "en", NOW + timedelta(days=days))[0] for days in (0, 120))
    assert (winter.clock, summer.clock) == ("13:00", "14:00")


def test_a_zone_that_is_kept_for_old_times_sake_can_be_shown_too() -> None:
    shown = choices(["US/Eastern", "UTC", "US/Eastern"], "en", NOW)
    assert [(each.time_zone, each.city) for each in shown] == [("US/Eastern", "Eastern"), ("UTC", "UTC")]
