"""The record: lines as bytes in a chain, folded into a case, their free texts sealed."""
