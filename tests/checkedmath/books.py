"""Small books that tests write."""

LETTERS = "```{where}\nx, y: real — numbers\n```\n"
BOOK = {
    "one": f"{LETTERS}\n$$ s := x + y $$ (eq:s)\n\n$$ x = x $$ (eq:x)\n",
    "two": "$$ s - y = x $$ (eq:two)\n\n```{refuted}\n:label: wrong:s\n\ns = x\n```\n",
}


def write_book(folder, **pages):
    """Write a book; a page's name ends in its suffix, `two_ipynb`, if it is no Markdown."""
    files = {
        (f"{name}.md" if "_" not in name else name.replace("_", ".")): text
        for name, text in pages.items()
    }
    names = [file.partition(".")[0] for file in files if not file.startswith("outside")]
    chapters = "".join(f"\n- file: {name}" for name in names[1:])
    toc = f"format: jb-book\nroot: {names[0]}" + (f"\nchapters:{chapters}" if chapters else "")
    (folder / "_toc.yml").write_text(toc)
    for file, text in files.items():
        (folder / file).write_text(text)
    return folder
