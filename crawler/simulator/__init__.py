"""A source that behaves like the Assemblée, for the demonstration, the tests and the bench."""
