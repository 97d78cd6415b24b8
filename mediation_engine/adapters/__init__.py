"""What the ports are made of: stores, forms."""
