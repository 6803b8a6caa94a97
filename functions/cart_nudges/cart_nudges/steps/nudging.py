"""Nudging: what is done with a cart whose timer fired. All of it may be done twice, and killed anywhere."""

from dataclasses import dataclass, replace
from datetime import datetime

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.rules import Cart, send_key
from cart_nudges.steps.handing_over import HandingOver, remembered
from cart_nudges.steps.judging import Judgement, Judging, NobodyYet, Welcome
from cart_nudges.steps.learning import Learning
from cart_nudges.steps.outcomes import Outcome, over, waiting
from cart_nudges.steps.step_rules import (
    Learn,
    LookLater,
    Nothing,
    StepAhead,
    TakeStep,
    deed,
    ever_later_look,
    first_look,
)
from engagement.mail_orders import SkipMail
from engagement.queues import MessageQueue


@dataclass(frozen=True)
class Nudging:
    judging: Judging
    handing_over: HandingOver
    learning: Learning
    mail_queue: MessageQueue
    settings: CartNudgeSettings

    def visit(self, cart: Cart, now: datetime) -> Outcome:
        """Do what is to be done with the cart at `now`; how it stands then."""
        match deed(cart, self.settings, now):
            case Learn(handed):
                return self.learning.learn(cart, handed, now)
            case Nothing(too_late):
                return waiting(self._passed_over(cart, too_late), None)
            case LookLater(at, too_late):
                return waiting(self._passed_over(cart, too_late), at)
            case TakeStep(step, too_late):
                return self._take(self._passed_over(cart, too_late), step, now)

    def _passed_over(self, cart: Cart, too_late: tuple[int, ...]) -> Cart:
        """The cart after these steps; the mail log says why there was no mail, if it is known who would have got it."""
        for number in too_late:
            self._skip(cart, number, self._whoever(cart), "too_late")
        return replace(cart, steps_over=too_late[-1]) if too_late else cart

    def _take(self, cart: Cart, step: StepAhead, now: datetime) -> Outcome:
        if not self.judging.campaign_runs:
            self._skip(cart, step.number, self._whoever(cart), "campaign_disabled")
            return over(cart, step.number, self.settings)
        judgement = self.judging.judge(cart, step.number, now)
        return replace(self._act_upon(judgement, cart, step, now), judgement=judgement)

    def _act_upon(self, judgement: Judgement, cart: Cart, step: StepAhead, now: datetime) -> Outcome:
        verdict = judgement.verdict
        if isinstance(verdict, NobodyYet):
            return waiting(cart, min(ever_later_look(step.due_at, now), step.useful_until))
        if judgement.entry is not None:
            # Whoever handed it over died before the cart could remember it; or it was called off before.
            lines = verdict.lines if isinstance(verdict, Welcome) else cart.lines
            handed = remembered(step, verdict.customer_id, lines, now, written_upon=verdict.written_upon)
            return self.learning.learned(replace(cart, handed=handed), handed, judgement.entry, now)
        if isinstance(verdict, Welcome):
            return self._hand_over(cart, step, verdict, now)
        self._skip(cart, step.number, verdict.customer_id, verdict.reason)
        return over(cart, step.number, self.settings)

    def _hand_over(self, cart: Cart, step: StepAhead, welcome: Welcome, now: datetime) -> Outcome:
        handed = self.handing_over.hand_over(cart, step, welcome, now)
        if handed is None:
            self._skip(cart, step.number, welcome.customer_id, "failed")
            return over(cart, step.number, self.settings)
        return Outcome(cart.steps_over, handed, first_look(handed), handed_over=True)

    def _whoever(self, cart: Cart) -> str | None:
        """Under whom the log has what nobody was chosen for."""
        return next(iter(self.judging.customers(cart)), None)

    def _skip(self, cart: Cart, number: int, customer_id: str | None, reason: str) -> None:
        if customer_id:
            self.mail_queue.put(
                [
                    SkipMail(
                        send_key=send_key(cart.cart_id, number),
                        campaign=self.settings.campaign,
                        customer_id=customer_id,
                        variant=f"step-{number}",
                        reason=reason,
                    )
                ]
            )
