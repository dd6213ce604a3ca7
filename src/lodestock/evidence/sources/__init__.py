"""One module per provider: SOURCE describes it, tidy() reads its file. Dropping a module in registers it."""
