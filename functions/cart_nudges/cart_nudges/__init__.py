"""Reminds of a cart that was left."""
