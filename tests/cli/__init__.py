"""Tests of the commands, in this process, on a place filled with the demonstration's archive."""
