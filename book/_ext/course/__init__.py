"""The extension of this book, one room for each job."""

from course import (
    accessibility,
    execution,
    exercises,
    figures,
    marks,
    offline,
    overview,
    reading,
    repository,
    toc,
    weight,
    widgets,
)

# What they do at one event they do in this order.
ROOMS = (
    execution,
    marks,
    offline,
    exercises,
    figures,
    repository,
    toc,
    weight,
    widgets,
    overview,
    reading,
    accessibility,
)


def setup(app):
    """Connect every room to Sphinx."""
    for room in ROOMS:
        room.setup(app)
    return {
        "version": "1",
        "env_version": execution.key_of(execution.HERE),  # another extension, another book
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
