"""The outside world behind the ports of `rung.app`: database, vault, passwords, clock, and their wiring."""
