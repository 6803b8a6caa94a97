"""Asks how a customer likes what they bought."""
