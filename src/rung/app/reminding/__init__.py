"""Reminders: when they come, what they say, and how each is sent once."""
