"""What a customer says of themselves on the page of preferences, and which of it can be true. Pure rules."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

from engagement.birthdays import PLACEHOLDERS, WITHOUT_YEAR, why_refused
from engagement.errors import EngagementError
from engagement.profiles import Profile
from engagement.wording import language_of

_DIGITS_OF_A_YEAR = 4
_DIGITS_OF_A_DAY = 2


class WrongDetailError(EngagementError):
    """A field cannot be as it was filled in; the text is the key of the words that say why."""


@dataclass(frozen=True)
class Details:
    """As the form has them: everything is text, and may be anything that somebody typed."""

    language: str
    time_zone: str
    day: str = ""
    month: str = ""
    year: str = ""

    @classmethod
    def of(cls, profile: Profile, language: str) -> Self:
        """As the page shows a profile first. `language` is the one that its mails are written in."""
        known = cls(language=language, time_zone=profile.time_zone)
        if profile.birthday is None:
            return known
        year, month, day = profile.birthday.replace(WITHOUT_YEAR, "-").rsplit("-", 2)
        return replace(known, day=str(int(day)), month=str(int(month)), year=year)


@dataclass(frozen=True)
class Judgement:
    """`profile` with all that could be taken over; `wrong` has the key of a reason for each field that could not."""

    profile: Profile
    wrong: dict[str, str]


def judge(
    profile: Profile,
    typed: Details,
    seen: Details,
    *,
    languages: frozenset[str],
    time_zones: frozenset[str],
    now: datetime,
) -> Judgement:
    """The profile as the customer wants it. What they left as they saw it stays as the profile has it: it may have
    changed since the page was opened, and they did not mean that.
    """
    wrong: dict[str, str] = {}
    if typed.language != seen.language:
        if typed.language in languages:
            profile = replace(profile, locale=in_language(profile.locale, typed.language))
        else:
            wrong["language"] = "wrong_language"
    if typed.time_zone != seen.time_zone:
        if typed.time_zone in time_zones:
            profile = replace(profile, time_zone=typed.time_zone)
        else:
            wrong["time_zone"] = "wrong_time_zone"
    if (typed.day, typed.month, typed.year) != (seen.day, seen.month, seen.year):
        try:
            profile = replace(profile, birthday=birthday_typed(typed, profile.time_zone, now))
        except WrongDetailError as error:
            wrong["birthday"] = str(error)
    return Judgement(profile, wrong)


def in_language(locale: str, language: str) -> str:
    """A locale of that language in the same region: `en-IN` becomes `hi-IN`."""
    if language_of(locale) == language:
        return locale
    region = locale.rpartition("-")[2]
    return f"{language}-{region}" if region.isupper() else language


def birthday_typed(typed: Details, time_zone: str, now: datetime) -> str | None:
    """`1990-02-28`, `--02-29` without the year, None where all is empty. Digits of any script are digits.

    Of a day that forms fill in for nobody's the year is left out, for no other part of us would believe in it.
    Raises WrongDetailError.
    """
    if not (typed.day or typed.month or typed.year):
        return None
    if not (typed.day and typed.month):
        raise WrongDetailError("birthday_incomplete")
    if not (typed.day.isdecimal() and typed.month.isdecimal() and (typed.year or "0").isdecimal()):
        raise WrongDetailError("birthday_not_in_digits")
    if typed.year and len(typed.year) != _DIGITS_OF_A_YEAR:
        raise WrongDetailError("birthday_year_too_short")
    # Not even read as numbers: Python refuses those of thousands of digits.
    if max(len(typed.day), len(typed.month)) > _DIGITS_OF_A_DAY:
        raise WrongDetailError("birthday_no_such_day")
    month_day = f"-{int(typed.month):02d}-{int(typed.day):02d}"
    # Without a year any leap year will do: 29 February is somebody's birthday.
    born = f"{int(typed.year or 2000):04d}{month_day}"
    try:
        date.fromisoformat(born)
    except ValueError:
        raise WrongDetailError("birthday_no_such_day") from None
    if not typed.year or born in PLACEHOLDERS:
        return f"-{month_day}"
    if reason := why_refused(born, now, time_zone):
        raise WrongDetailError("birthday_ahead" if reason == "in_the_future" else "birthday_too_long_ago")
    return born
