"""Data is kept: the only SQL of the project."""
