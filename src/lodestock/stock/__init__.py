"""How much to hold, in which form, by whom, where, and when to release it."""
