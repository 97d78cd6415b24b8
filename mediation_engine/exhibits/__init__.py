"""Exhibits: what is taken, how its bytes are kept, what is shown of them."""
