"""What operators see of a server: its health, its measures and its journal, without anything of a visitor."""
