"""Rung's model of self-efficacy: pure functions on immutable state; numpy and the standard library only."""
