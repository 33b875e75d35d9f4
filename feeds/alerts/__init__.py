"""Alerts: what is owed leaves here, through one sender for each channel."""
