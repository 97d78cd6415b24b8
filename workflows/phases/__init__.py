"""The phases a case goes through, one file each; which follow which, a workflow says."""
