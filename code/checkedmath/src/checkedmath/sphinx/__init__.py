"""What the build of a book shows and refuses."""
