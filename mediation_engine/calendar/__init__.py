"""The years that come with the program: what the law alone fixes, and official ones as data."""
