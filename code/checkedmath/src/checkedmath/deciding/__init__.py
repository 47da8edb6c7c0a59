"""Whether two values agree, at given sizes."""
