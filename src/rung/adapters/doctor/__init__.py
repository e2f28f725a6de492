"""Looks a server over: its folder, key, database, backups, clock and settings. It changes nothing."""
