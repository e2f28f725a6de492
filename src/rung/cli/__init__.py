"""The command line. Every command loads what it needs when it runs, so that `rung --help` is instant."""
