"""A source that behaves like the Assemblée, for the demonstration and for tests."""
