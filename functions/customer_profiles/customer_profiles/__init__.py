"""Keeps what the shop tells about its customers."""
