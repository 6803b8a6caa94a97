"""Asks how a customer likes what they bought."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
