"""The rules of 2026: two workflows composed of phases and parts."""
