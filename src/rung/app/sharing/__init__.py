"""Letting somebody in: bonds, consent by ladder and field, what was read, and what others may do with it."""
