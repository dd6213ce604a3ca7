"""How material moves: the market rule and the planner's linear programme."""
