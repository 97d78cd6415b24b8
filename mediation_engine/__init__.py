"""The dispute-mediation workflow engine: declared machines, one door, an append-only record."""
