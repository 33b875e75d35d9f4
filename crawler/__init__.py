"""Data enters: the Assemblée's open data, asked what changed, read by ranges, parsed into records."""
