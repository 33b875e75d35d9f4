"""Tests with the real processes, over real HTTP on the loopback."""
