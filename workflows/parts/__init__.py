"""The small machines beside the phases: one file each, its table on one screen."""
