"""What every request goes through: its context, its faults, its log line, its templates."""
