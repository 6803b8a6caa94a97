"""Reminds of a cart that was left."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
