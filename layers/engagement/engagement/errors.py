"""What can go wrong, named after what to do about it."""

from datetime import timedelta


class EngagementError(Exception):
    """Base of every error that this project raises on purpose. Its text never holds personal data."""


class MalformedMessageError(EngagementError):
    """The message can never be processed: it goes to the dead-letter queue, and its text says which field is wrong."""


class RetryLaterError(EngagementError):
    """Not now, but later: the queue delivers the message again, after `after` or else its visibility timeout."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class MissingSettingError(EngagementError):
    """The function's environment lacks a setting that its door declares, or holds a wrong value for it."""


class InvalidPlanError(EngagementError):
    """The engagement plan is wrong; the text names file, line and field."""


class InvalidTokenError(EngagementError):
    """The token in a link is forged, damaged, or was made for another purpose."""
