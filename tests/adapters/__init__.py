"""Tests of the stores and the plug-ins."""
