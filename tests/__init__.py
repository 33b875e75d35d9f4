"""The tests: each folder mirrors a package; `builders` makes small records for all of them."""
