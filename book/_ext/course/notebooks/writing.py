"""Write the notebook of a page when the page is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.domain import BibtexDomain

from course.kernel import joined
from course.notebooks.markdown import Page, Writer, embedded, stacked
from course.notebooks.opening import note, preparation
from course.notebooks.pieces import Code, Piece, Stub, Text, Title, pieces
from course.written import renew

ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]+(?=>)")  # where an object lay in memory
SVG = "image/svg+xml"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class ReaderNotebook(SphinxPostTransform):
    """Write the notebook of a chapter, from its document with all references resolved.

    That is before the document is changed for HTML alone: figures become mark-up, cells fold.
    """

    default_priority = 190
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Write the notebook that the page offers, if it offers one."""
        name = Path(self.env.docname).name
        if not (Path(self.env.srcdir) / "book" / "notebooks" / f"{name}.ipynb").exists():
            return
        cells = list(self.cells())
        for number, cell in enumerate(cells):
            cell["id"] = f"{name}-{number}"[-64:]  # the same in every build
        notebook = new_notebook(cells=cells, metadata=METADATA)
        target = Path(self.app.outdir) / "notebooks" / f"{name}.ipynb"
        renew(target, (nbformat.v4.writes(notebook) + "\n").encode())

    def cells(self) -> Iterator[NotebookNode]:
        """Yield the cells: the title, what gets the packages, and the page."""
        writer = Writer(self.page())
        title, *rest = (piece for piece in pieces(writer, self.document) if piece != Text(""))
        executed = executed_cells(Path(self.app.outdir).parent, self.env.docname, rest)
        opening = Text(note(self.config.project, writer.page.address))
        yield from joined_cells([self.with_number(title), opening], executed)
        sources = [cell.source for cell in executed if cell.cell_type == "code"]
        repository = self.config.html_theme_options.get("repository_url") or ""
        if code := preparation(sources, repository.rstrip("/")):
            yield new_code_cell(code, metadata={"tags": ["preparation"]})
        yield from joined_cells([*rest, self.sources(writer)], executed)

    def page(self) -> Page:
        """Return what the parts of the page need to know of it."""
        name, base = self.env.docname, self.config.html_baseurl
        address = f"{base.rstrip('/')}/{self.app.builder.get_target_uri(name)}" if base else ""
        numbers = self.env.toc_fignumbers.get(name, {})
        return Page(name, numbers, self.config.numfig_format, address, Path(self.env.srcdir))

    def with_number(self, title: Piece) -> Title:
        """Return the title of the page with the number of the chapter."""
        assert isinstance(title, Title)
        numbers = self.env.toc_secnumbers.get(self.env.docname, {}).get("", ())
        number = "".join(f"{number}. " for number in numbers)
        return Title(f"# {number}{title.source.removeprefix('# ')}")

    def sources(self, writer: Writer) -> Text:
        """Return the works that the page cites, as the bibliography of the book has them."""
        domain = cast(BibtexDomain, self.env.get_domain("cite"))
        references = [one for one in domain.citation_refs if one.docname == self.env.docname]
        cited = {target.key for one in references for target in one.targets}
        works = [work.formatted_entry for work in domain.citations if work.key in cited]
        listed = [f"- {writer.block(domain.backend.paragraph(work))}" for work in works]
        return Text("\n".join(["**Works cited**\n", *listed]) if listed else "")


def executed_cells(folder: Path, docname: str, row: list[Piece]) -> list[NotebookNode]:
    """Return the cells with the outputs of the page, as MyST-NB leaves them, if it has any."""
    if not any(isinstance(piece, Code) for piece in row):
        return []
    path = folder / "jupyter_execute" / f"{docname}.ipynb"
    cells: list[NotebookNode] = nbformat.v4.reads(path.read_text(encoding="utf-8")).cells
    return cells


def joined_cells(row: list[Piece], executed: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Yield the cells of a row of pieces; texts between two cells, or two titles, are one."""
    texts: list[str] = []
    for piece in row:
        if not isinstance(piece, Text) or isinstance(piece, Title):
            yield from markdown_cell(texts)
            texts = []
        if isinstance(piece, Text):
            texts.append(piece.source)
        elif isinstance(piece, Stub):
            yield new_code_cell(piece.source, metadata={"tags": ["answer"]})
        else:
            yield code_cell(piece, executed)
    yield from markdown_cell(texts)


def markdown_cell(texts: list[str]) -> Iterator[NotebookNode]:
    """Yield a cell with the texts, or none if there is nothing in them."""
    if source := stacked(iter(texts)):
        yield new_markdown_cell(source)


def code_cell(piece: Code, executed: list[NotebookNode]) -> NotebookNode:
    """Return an executed cell with its outputs, which are the same in every build."""
    cell, alts = executed[piece.index], iter(piece.alts)
    outputs = joined(cell.outputs)
    for output in outputs:
        if "data" in output:
            output["data"] = shown(output["data"], alts)
    done: NotebookNode = new_code_cell(
        cell.source,
        outputs=outputs,
        execution_count=cell.execution_count,
        metadata={"tags": cell.metadata.get("tags", [])},
    )
    return done


def shown(data: dict[str, str], alts: Iterator[str]) -> dict[str, str]:
    """Return what a cell has shown, so that Jupyter shows it.

    It draws no SVG of a notebook that it has not run itself, and so does not trust, but the picture
    in a text. That has room for the words of the picture, too.
    """
    forms = {form: ADDRESS.sub("0x0", text) for form, text in data.items()}
    if drawing := forms.pop(SVG, ""):
        forms["text/markdown"] = embedded(drawing.encode(), SVG, next(alts))
    return forms
