"""Keeps what the shop tells about its customers."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
