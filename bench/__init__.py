"""Speed, measured side by side with the raw limit of the same machine in the same run."""
