"""警情: a police alert pushed to the room (一警三推双主动), and what became of it."""
