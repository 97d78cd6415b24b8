"""事项: what comes to the room besides cases and alerts (网格上报、接访、代办、信访积案): one way, its kinds as data."""
