"""What was filled in, made into commands and people."""
