"""Makes and renews the stack's secrets."""
