"""Accounts: who somebody is here, how they come in, who may join, and how Rung speaks to them."""
