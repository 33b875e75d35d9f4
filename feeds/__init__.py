"""Data leaves: events become entries, entries become Atom, RSS and pages."""
