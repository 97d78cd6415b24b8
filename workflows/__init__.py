"""The content: phases and parts as tables, the legal tracks, the five roles; and the workflows composed of them.

This floor reaches no database and no web. Workflows and roles are found by entry point, these like anybody else's.
"""
