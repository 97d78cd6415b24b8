"""A case, and where all cases stand, as files that somebody else can check."""
