"""The Sphinx extension of this book: what is connected to a build, where, and in which order.

Each room does one thing. Sphinx calls the handlers of an event by priority (500 unless said), and
those of one priority in the order in which they are connected here.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from course import (
    address,
    autolink,
    citing,
    ebook,
    execution,
    exercises,
    figures,
    finish,
    forked,
    header,
    kernel,
    notebooks,
    offers,
    offline,
    previews,
    prose,
    quizzes,
    refusals,
    running,
    search,
    widgets,
    written,
)
from course.where import as_it_is

LAST = 900  # after the theme and every other extension


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect every room to Sphinx."""
    add_settings(app)
    add_nodes(app)
    add_questions(app)
    add_imprint(app)
    connect_start(app)
    connect_reading(app)
    connect_writing(app)
    connect_end(app)
    rooms = execution.HERE
    return {
        "version": "1",
        # Another extension, another book.
        "env_version": int(execution.key_of(rooms, rooms.rglob("*.py"))[:12], 16),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def add_settings(app: Sphinx) -> None:
    """Set what has to stand before a builder is made."""
    kernel.use_client()
    app.config.mathjax_path = f"mathjax/{offline.SCRIPT}"
    app.config.template_bridge = "course.finish.FinishedPages"
    app.add_config_value(running.SETTING, "", "html")
    app.add_config_value(ebook.SETTING, "_build/epub/formulas.json", "epub")
    app.add_builder(ebook.EBookBuilder, override=True)
    address.prepare(app)


def add_nodes(app: Sphinx) -> None:
    """Add the directives, what they place on a page, and the changes made to every page."""
    plain, nothing = (as_it_is, as_it_is), (widgets.skip, None)
    app.add_node(
        widgets.Widget,
        html=(widgets.visit_html, widgets.depart_html),
        latex=plain,
        text=plain,
    )
    app.add_node(
        widgets.Lines,
        html=(widgets.visit_lines, widgets.depart_lines),
        latex=nothing,
        text=nothing,
    )
    app.add_directive("widget", widgets.WidgetDirective)
    for transform in (  # each says itself in which order: the words before the marks and figures
        prose.GlossaryLinks,
        prose.ReadingTime,
        prose.KeepMarks,
        figures.InlineFigures,
        notebooks.ReaderNotebook,
    ):
        app.add_post_transform(transform)


def add_questions(app: Sphinx) -> None:
    """Add the directive for questions, and how they are written."""
    plain, question = (as_it_is, as_it_is), (quizzes.visit_question, quizzes.depart_question)
    app.add_node(quizzes.Question, html=question, latex=plain, text=plain)
    app.add_node(quizzes.Answer, html=(quizzes.visit_answer, None), latex=plain, text=plain)
    app.add_directive("question", quizzes.QuestionDirective)


def add_imprint(app: Sphinx) -> None:
    """Add the directives for the citation, and for what else is made of the book."""
    plain = (as_it_is, as_it_is)
    app.add_node(offers.Offered, html=(offers.visit_offered, None), latex=plain, text=plain)
    app.add_directive("offered", offers.OfferedDirective)
    app.add_directive("cite-this", citing.CiteDirective)


def connect_start(app: Sphinx) -> None:
    """Connect what prepares a build and decides what is to be read."""
    settings, complaints, times = kernel.Settings(), refusals.Complaints(), execution.Times()
    keys, damage, server = execution.Keys(), written.Damage(), forked.ForkServer()
    app.connect("config-inited", written.refuse_foreign_files)  # before anything is written
    app.connect("config-inited", execution.use_all_cores)
    app.connect("config-inited", execution.stop_collecting)
    app.connect("config-inited", address.write_lost_page)
    app.connect("config-inited", settings.apply)  # before a kernel starts
    app.connect("builder-inited", complaints.listen)
    app.connect("builder-inited", running.look_for_python)
    # Damaged files are gone before Sphinx and other extensions look for outdated ones.
    app.connect("builder-inited", damage.remove, priority=100)
    app.connect("builder-inited", offline.copy_mathjax, priority=200)  # pages name its checksum
    app.connect("builder-inited", autolink.recall, priority=LAST)  # after sphinx-codeautolink
    app.connect("env-get-outdated", keys.outdated)
    app.connect("env-before-read-docs", keys.remember)
    app.connect("env-before-read-docs", times.note)
    app.connect("env-before-read-docs", server.start)
    app.connect("env-before-read-docs", refusals.forget_what_is_read_anew, priority=LAST)
    app.connect("env-get-updated", damage.pages_to_write)
    app.connect("build-finished", times.report)
    app.connect("build-finished", damage.note, priority=LAST + 90)  # when all is written
    app.connect("build-finished", complaints.forget_pages, priority=LAST + 95)
    app.connect("build-finished", server.stop)
    app.connect("build-finished", settings.remove)
    app.connect("build-finished", execution.collect_again, priority=LAST + 95)


def connect_reading(app: Sphinx) -> None:
    """Connect what refuses and mends pages as they are read."""
    app.connect("env-before-read-docs", refusals.refuse_forgotten_pages)
    # Before other extensions follow the sections of a page.
    app.connect("doctree-read", exercises.unwrap_bodies, priority=100)
    app.connect("doctree-read", refusals.report_failed_cells)
    app.connect("doctree-read", refusals.require_alt_text)
    app.connect("doctree-read", refusals.refuse_types_in_sentences)
    app.connect("env-updated", autolink.remember, priority=100)  # before sphinx-codeautolink
    # When the sections, figures and formulas of all pages have their numbers.
    app.connect("env-get-updated", written.pages_to_write_again, priority=LAST)
    app.connect("env-get-updated", offers.pages_to_write_again, priority=LAST)


def connect_writing(app: Sphinx) -> None:
    """Connect what a page gets when it is written; its mark-up is finished in `course.finish`."""
    app.connect("doctree-resolved", autolink.link_page)
    app.connect("html-page-context", offline.ask_for_fonts)
    app.connect("html-page-context", search.write_text)
    app.connect("html-page-context", widgets.load_scripts)
    app.connect("html-page-context", previews.load_previews)
    app.connect("html-page-context", running.load_runner)
    app.connect("html-page-context", address.describe)
    app.connect("html-page-context", citing.fill_footer)
    app.connect("html-page-context", header.fill_header, priority=LAST)  # the theme's are there


def connect_end(app: Sphinx) -> None:
    """Connect what lies beside the pages."""
    app.connect("html-collect-pages", search.complete_index)  # just before it is stored
    app.connect("build-finished", autolink.link_pages, priority=100)  # before sphinx-codeautolink
    app.connect("build-finished", previews.write_formulas)
    app.connect("build-finished", previews.write_words)
    app.connect("build-finished", offline.copy_records)
    app.connect("build-finished", address.write_card)
    app.connect("build-finished", offers.copy_offers)
    app.connect("build-finished", running.copy_python)
    app.connect("build-finished", finish.drop_icon_script)
    app.connect("build-finished", written.remove_leftovers, priority=LAST)
