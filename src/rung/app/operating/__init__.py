"""What the operator of a server does: looks after its backups, and whether all is well with it."""
