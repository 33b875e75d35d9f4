"""The API: the same questions as the pages, for programs."""
