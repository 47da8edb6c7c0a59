"""What a formula says: from LaTeX to a tree, and back to LaTeX and words."""
