"""Fitting Rung to logs: what people have in common, and how far they differ, by marginal likelihood."""
