"""`python -m tests.bench`: what the service costs, as ratios over a reference measured in the same run."""
