"""数说战果: what of a case counts, and the figures declared over it."""
