"""Measuring models of self-efficacy on real logs: the benchmark, and the rivals that Rung must beat."""
