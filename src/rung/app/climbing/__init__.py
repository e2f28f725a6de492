"""Ladders and their steps: named, built, changed, and planned for."""
