"""View models: what pages, the API and the console show of a case."""
