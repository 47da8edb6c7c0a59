"""What a tree is worth: its value at given sizes."""
