"""Somebody who was let in: what they see of a ladder, who needs a word, and what they leave in between."""
