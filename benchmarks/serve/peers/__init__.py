"""Peers: the same model, served as people usually would."""
