"""What it means: the words of the domain, the rules, and the place where everything is wired."""
