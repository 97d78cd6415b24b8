"""The domain floor: parties, commands, events, machines and the case. Pure; imports nothing above it."""
