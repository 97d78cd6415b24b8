def half(words: str) -> str:
    return words[: len(words) // 2]
