"""例会: a meeting with its four things fixed (主题、时间、人员、方案); what it gives people to do becomes matters."""
