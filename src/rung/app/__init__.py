"""Use cases: what people, and those who run a server, can do; no framework and no database."""
