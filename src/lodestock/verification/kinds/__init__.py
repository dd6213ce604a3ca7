"""Kinds of check, one module per room; every module here is found by itself."""
