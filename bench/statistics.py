"""数字: how long the page of figures takes at a great many cases, beside a page that asks for nothing."""
