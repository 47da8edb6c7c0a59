"""Small books to check, and to break."""

LETTERS = "```{where}\nx, y: real — numbers\n```\n"


def write_book(folder, **pages):
    """Write a book whose pages stand in the table of contents in the order given."""
    names = list(pages)
    chapters = "".join(f"  - file: {name}\n" for name in names[1:])
    toc = f"format: jb-book\nroot: {names[0]}\n" + (f"chapters:\n{chapters}" if chapters else "")
    (folder / "_toc.yml").write_text(toc)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text)
    return folder


BOOK = {
    "one": f"{LETTERS}\n$$ s := x + y $$ (eq:s)\n\n$$ x = x $$ (eq:x)\n",
    "two": "$$ s - y = x $$ (eq:two)\n\n```{refuted}\n:label: wrong:s\n\ns = x\n```\n",
}
