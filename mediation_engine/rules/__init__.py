"""Which rules are installed, and which a case was decided under."""
