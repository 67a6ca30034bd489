"""The interfaces: thin layers that parse, call and present."""
