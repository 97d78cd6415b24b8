"""What may be done with a case, what follows, and what is missing to its closing: pure functions."""
