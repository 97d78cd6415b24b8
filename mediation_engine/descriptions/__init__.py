"""Lines and changes of a case in Chinese words."""
