"""Celebrates birthdays with an offer."""
