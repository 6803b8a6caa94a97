"""Keeps customers' reviews: who may write one, what is shown, and what products are rated."""
