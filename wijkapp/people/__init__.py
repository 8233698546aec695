"""Who takes part: organisations, accounts, roles, logging in, and the one table of who may do what."""
