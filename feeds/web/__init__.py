"""The HTTP side of what leaves: feeds, their list, and the service's health."""
