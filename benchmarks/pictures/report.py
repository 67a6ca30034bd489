"""The report of a benchmark: an HTML page with the figures and every mistake as a picture."""

import base64
import html
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.pictures.measure import Mistake, Result
from inkdigits.files import write_whole

_MOST = 300  # mistakes of one part that are shown; the figures count all
_LONGEST = {"multi": 700, "other": 260}
_USUAL_LONGEST = 112


def write_report(folder: Path, result: Result) -> Path:
    """Write report.html into the folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = dict.fromkeys(mistake.part for mistake in result.mistakes)
    sections = "\n".join(_section(part, result.mistakes) for part in parts)
    path = folder / "report.html"
    name = html.escape(result.figures["reader"])
    figures = html.escape(json.dumps(result.figures, indent=2))
    page = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{name}: mistakes</title>
<style>
body {{ font: 14px/1.4 system-ui, sans-serif; margin: 24px; }}
section {{ display: flex; flex-wrap: wrap; gap: 12px; }}
figure {{ margin: 0; padding: 6px; border: 1px solid #ccc; max-width: 720px; }}
img {{ display: block; image-rendering: auto; max-width: 100%; }}
figcaption {{ overflow-wrap: anywhere; }}
.small figure {{ max-width: 150px; }}
</style>
<h1>{name}</h1>
<details open><summary>Figures</summary><pre>{figures}</pre></details>
{sections}
</html>
"""
    write_whole(path, page.encode())
    return path


def _section(part: str, mistakes: list[Mistake]) -> str:
    own = [mistake for mistake in mistakes if mistake.part == part]
    shown = sorted(own, key=lambda mistake: -mistake.confidence)[:_MOST]
    kind = "large" if part in _LONGEST else "small"
    left_out = f", the surest {_MOST} shown" if len(own) > _MOST else ""
    figures = "\n".join(_figure(mistake) for mistake in shown)
    title = f"{html.escape(part)}: {len(own)} mistakes{left_out}"
    return f'<h2>{title}</h2>\n<section class="{kind}">\n{figures}\n</section>'


def _figure(mistake: Mistake) -> str:
    true = html.escape(mistake.true) or "no digit"
    read = html.escape(mistake.read)
    return (
        f'<figure><img alt="{true}" src="data:image/png;base64,{_png(mistake)}"><figcaption>'
        f"{html.escape(mistake.name)}<br>is {true}, read <b>{read}</b> "
        f"({mistake.confidence:.2f})</figcaption></figure>"
    )


def _png(mistake: Mistake) -> str:
    image = Image.fromarray(np.ascontiguousarray(mistake.pixels))
    scale = _LONGEST.get(mistake.part, _USUAL_LONGEST) / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    content = io.BytesIO()
    image.resize(size, Image.Resampling.BICUBIC).save(content, "PNG")
    return base64.b64encode(content.getvalue()).decode()
