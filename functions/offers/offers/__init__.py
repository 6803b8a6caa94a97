"""Watches over every offer: who redeems it, and when it ends."""
