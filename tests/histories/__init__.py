"""Golden histories: what was once written must fold to the same for ever. Changing one is changing the past."""
