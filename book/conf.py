"""How Sphinx builds the book into a site that needs no network: `make book`."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
from book.cards import write_cards  # noqa: E402
from book.figures import figures  # noqa: E402
from book.http import write_page  # noqa: E402
from book.kernel import jupyter_path  # noqa: E402
from inkdigits import __version__  # noqa: E402

# Notebooks run in processes of their own, which find the book and inkdigits here.
os.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "src")))
os.environ["JUPYTER_PATH"] = jupyter_path()

project = "inkdigits"
author = "The inkdigits authors"
copyright = "The inkdigits authors, Apache-2.0"  # noqa: A001
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "book.extensions.mathml",
    "book.extensions.running",
]
exclude_patterns = ["_build", "**/.ipynb_checkpoints"]

# Pages are MyST Markdown; a page with code cells is a notebook, which is run anew by each build.
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist", "dollarmath", "substitution"]
myst_heading_anchors = 3
myst_substitutions = figures(ROOT / "benchmarks" / "results")
nb_execution_mode = "force"
nb_execution_timeout = 900
nb_execution_raise_on_error = True
nb_execution_show_tb = True
nb_merge_streams = True
nb_number_source_lines = False
nb_code_prompt_show = "Show the code that draws this"
nb_code_prompt_hide = "Hide the code"

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
napoleon_use_ivar = True

html_theme = "furo"
html_title = "inkdigits"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
# An excerpt of each page found would be fetched, which a browser refuses for pages that are files.
html_show_search_summary = False
html_permalinks_icon = "#"
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5f95", "color-brand-content": "#0b5f95"},
    "dark_css_variables": {"color-brand-primary": "#6dbdf2", "color-brand-content": "#6dbdf2"},
}
pygments_style = "friendly"
pygments_dark_style = "github-dark"

# Pages that are made of what is in the package, before Sphinx looks for pages.
write_cards(Path(__file__).parent / "models")
write_page(Path(__file__).parent / "reference" / "http.md")
