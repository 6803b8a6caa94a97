"""The mechanisms and policies that every capability shares. A module per idea; `events` imports nothing above it."""
