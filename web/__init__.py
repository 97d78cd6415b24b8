"""What people use: console commands and the wiring of the parts. May import every floor below."""
