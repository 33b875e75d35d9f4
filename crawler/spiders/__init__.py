"""Spiders: requests only; the bytes go to a parser."""
