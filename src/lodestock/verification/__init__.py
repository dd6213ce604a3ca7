"""Cases with known answers: their format, the kinds of check, and the cases that ship."""
