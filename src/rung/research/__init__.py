"""Measuring models of self-efficacy on real people's logs: the benchmark, and the rivals that Rung must beat."""
