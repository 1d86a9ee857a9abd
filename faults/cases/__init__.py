"""One file a part that fails; registry.py finds them all."""
