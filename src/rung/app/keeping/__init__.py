"""Keeping what is theirs: everything of a person taken out as one archive, and brought back."""
