"""Papers between what is declared and what is drawn: their plain text, cleaned of what would deceive a reader."""
