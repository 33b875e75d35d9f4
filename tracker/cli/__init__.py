"""The command line: French for people, exit codes and JSON for scripts."""
