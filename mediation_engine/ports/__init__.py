"""What the engine asks of a store: one port and its entities each."""
