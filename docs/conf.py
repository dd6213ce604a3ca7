"""Sphinx: Markdown pages (MyST), no network, warnings are errors."""

from pygments.lexers.special import TextLexer

project = "Lodestock"
author = "Lodestock maintainers"
extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Lodestock"
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
suppress_warnings = ["myst.xref_missing"]


def setup(app):  # type: ignore[no-untyped-def]
    """Show files as plain text where the highlighter knows no language for them."""
    app.add_lexer("csv", TextLexer)
