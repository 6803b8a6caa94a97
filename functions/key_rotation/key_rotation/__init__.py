"""Makes and renews the stack's secrets."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
