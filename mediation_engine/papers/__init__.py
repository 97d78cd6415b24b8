"""Papers between what is declared and what is drawn: cleaned of what would deceive a reader, and in which fonts."""
