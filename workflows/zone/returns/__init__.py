"""月报: what the committee of an enterprise reports of a month, or that there was nothing; unreported is not zero."""
