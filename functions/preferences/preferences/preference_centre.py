"""The preference centre: what a customer wants to get, or a break from it, and what we know of them, on one page."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engagement.clock import to_text
from engagement.contacts import Contact, Contacts
from engagement.errors import InvalidTokenError
from engagement.events.base import Event
from engagement.mail_composer import PREFERENCES
from engagement.observability import customer_ref, logger
from engagement.plan import EngagementPlan
from engagement.profiles import Profile, Profiles, ToldProfile
from engagement.secret_keys import SigningKeys
from engagement.signed_tokens import read_token
from engagement.web import PageRequest, PageResponse
from engagement.wording import language_of
from preferences.details import Details, Judgement, judge
from preferences.rendering import CentreView, Notice, Pages, languages
from preferences.rules import TopicsChanged, joined_at, later_than, pause_end, topics_changed
from preferences.telling import Telling, consent_changed, profile_changed
from preferences.time_zones_by_region import known_time_zones


@dataclass(frozen=True)
class PreferenceCentre:
    contacts: Contacts
    profiles: Profiles
    telling: Telling
    keys: SigningKeys
    plan: EngagementPlan
    pages: Pages

    def answer(self, request: PageRequest, language: str, now: datetime) -> PageResponse:
        """A GET shows and changes nothing. A POST does what the form says; sent twice is as sent once.

        The page speaks the customer's own language, if it has it, and only else the one that was asked for.
        """
        try:
            customer_id = read_token(self.keys, PREFERENCES, request.token)["customer_id"]
        except InvalidTokenError:
            return self.pages.frame.invalid(language)
        told = self.profiles.told(customer_id)
        if told is None:
            return self.pages.gone(language)
        kept = Details.of(told.profile, self._mails_language(told.profile))
        if language_of(told.profile.locale) in languages():
            language = kept.language
        if request.is_post:
            return self._change(request, told, kept, language, now)
        contact = self.contacts.get(customer_id)
        return self.pages.centre(
            language, self._view(request, contact, kept, kept, to_text(told.told_at), now), now
        )

    def _change(
        self, request: PageRequest, told: ToldProfile, kept: Details, language: str, now: datetime
    ) -> PageResponse:
        """Which mails are wanted is this room's own to keep, and kept first, whatever is wrong with the rest of the
        form. Language, zone and birthday are told on the bus: whoever keeps the profile follows in a moment, and this
        page shows them as they were sent.
        """
        typed, seen = _details(request, kept), _details(request, kept, "seen_")
        customer_id = told.profile.customer_id
        changes = topics_changed(
            request.ticked("topic"),
            request.ticked("seen_topic"),
            self.plan.topics,
            leaves_all=request.text("leave") == "all",
        )
        facts = self._choose_mails(request, customer_id, changes, now)
        known = self._known(request, told, kept, seen, now)
        wanted = self._judge(known, typed, seen, now)
        self._pause(request, wanted.profile, now)
        as_of = max(request.text("as_of"), to_text(told.told_at))
        details_change = typed != seen and not wanted.wrong
        if details_change:
            facts.append(profile_changed(wanted.profile, later_than(now, told.told_at)))
        heard = self.telling.tell(facts)
        contact = self.contacts.get(customer_id)
        refused = tuple(topic for topic in changes.joined if not contact.granted.get(topic, False))
        notice: Notice = "refused" if refused else "saved"
        if wanted.wrong:
            notice = "wrong"
        elif details_change and not heard:
            notice = "away"
        logger().info(
            "preferences changed",
            customer_ref=customer_ref(customer_id),
            facts=[type(fact).__name__ for fact in facts],
            wrong=sorted(wanted.wrong),
            notice=notice,
        )
        if notice in ("wrong", "away"):
            view = self._view(request, contact, typed, seen, as_of, now)
            view = replace(view, wrong=wanted.wrong, notice=notice, refused=refused)
            return self.pages.centre(language, view, now)
        if details_change:
            as_of = to_text(facts[-1].occurred_at)
        shown = Details.of(wanted.profile, self._mails_language(wanted.profile))
        view = self._view(request, contact, shown, shown, as_of, now)
        return self.pages.centre(shown.language, replace(view, notice=notice, refused=refused), now)

    def _known(
        self, request: PageRequest, told: ToldProfile, kept: Details, seen: Details, now: datetime
    ) -> Profile:
        """The profile on which the customer's changes build: the one that is kept; or, should the page know of a
        change that is still on its way there, what the page showed.
        """
        if request.text("as_of") <= to_text(told.told_at):
            return told.profile
        return self._judge(told.profile, seen, kept, now).profile

    def _judge(self, profile: Profile, typed: Details, seen: Details, now: datetime) -> Judgement:
        return judge(profile, typed, seen, languages=languages(), time_zones=known_time_zones(), now=now)

    def _choose_mails(
        self, request: PageRequest, customer_id: str, changes: TopicsChanged, now: datetime
    ) -> list[Event]:
        """Which mails are wanted is kept; returns what is to be told of it, which is what holds."""
        self.contacts.withdraw(customer_id, changes.left, now=now)
        told: list[Event] = [consent_changed(customer_id, each, now, granted=False) for each in changes.left]
        at = joined_at(request.text("shown_at"), now)
        if at is not None:
            kept = self.contacts.record(customer_id, changes.joined, granted=True, changed_at=at)
            told += [consent_changed(customer_id, each, at, granted=True) for each in kept]
        return told

    def _pause(self, request: PageRequest, profile: Profile, now: datetime) -> None:
        choice = request.text("pause")
        if choice == "month":
            self.contacts.pause(profile.customer_id, pause_end(now, ZoneInfo(profile.time_zone)))
        elif choice == "none":
            self.contacts.pause(profile.customer_id, None)

    def _view(
        self,
        request: PageRequest,
        contact: Contact,
        details: Details,
        seen: Details,
        as_of: str,
        now: datetime,
    ) -> CentreView:
        return CentreView(
            token=request.token,
            granted=frozenset(topic for topic in self.plan.topics if contact.granted.get(topic, False)),
            paused_until=contact.paused_until,
            details=details,
            seen=seen,
            as_of=as_of,
            # Later than what was decided by this very request: it is shown already.
            shown_at=to_text(now + datetime.resolution),
            wrong={},
            notice=None,
        )

    def _mails_language(self, profile: Profile) -> str:
        language = language_of(profile.locale)
        return language if language in languages() else self.plan.shop.language


def _details(request: PageRequest, kept: Details, prefix: str = "") -> Details:
    """The form's fields as the customer left them, or (`seen_`) as they got them, which the form carries along. What is
    not in the form at all is as it is kept.
    """

    def text(name: str, otherwise: str) -> str:
        return request.text(prefix + name) if prefix + name in request.form else otherwise

    return Details(
        language=text("language", kept.language),
        time_zone=text("time_zone", kept.time_zone),
        day=text("day", kept.day),
        month=text("month", kept.month),
        year=text("year", kept.year),
    )
