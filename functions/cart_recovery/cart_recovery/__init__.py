"""What nudges about carts brought, and what each variant of them did."""

import engagement.startup  # noqa: F401 - first of all, for what it holds up
