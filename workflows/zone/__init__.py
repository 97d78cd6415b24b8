"""What goes on in the zone around the room: workflows of their own, of small items; each has facts of its own."""
