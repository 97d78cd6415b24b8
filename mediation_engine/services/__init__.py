"""Use cases over the ports: the one door, who may, the cases at hand, maintenance."""
