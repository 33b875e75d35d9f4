"""The pages on which people ask for alerts, and see, change and stop what they asked for."""
