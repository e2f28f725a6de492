"""Backups of everything that Rung keeps, one format for every database, and moving from one to another."""
