"""Forms made from the fields of commands, and what is posted to them."""
