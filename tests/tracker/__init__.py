"""Tests of the rules: pure unless the name says recorder."""
