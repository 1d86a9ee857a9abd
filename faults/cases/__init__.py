"""One file for each part that fails. registry.py imports all of them."""
