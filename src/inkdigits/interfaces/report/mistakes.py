"""Pictures of digits that were read wrong, for the report."""

import base64
import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image

from inkdigits.data.digits import Digits
from inkdigits.inference.evaluation import Mistake
from inkdigits.interfaces.report import figures


def mistake_gallery(mistakes: Sequence[Mistake], test: Digits) -> str:
    """The mistakes as an HTML list of figures."""
    if not mistakes:
        return "<p>There is none.</p>"
    items = []
    for mistake in mistakes:
        told = f"true {mistake.label}, read {mistake.read}"
        sure = figures.percent(mistake.confidence)
        items.append(
            f'<li><figure><img src="{picture_uri(test.images[mistake.index])}" width="28" '
            f'height="28" alt="A {mistake.label} that was read as {mistake.read}">'
            f"<figcaption><b>{told}</b><br>{sure} sure<br>test no. {mistake.index:,}"
            "</figcaption></figure></li>"
        )
    return f'<ul class="mistakes">{"".join(items)}</ul>'


def picture_uri(image: npt.NDArray[np.uint8]) -> str:
    """A digit, uint8 [28, 28], as the address of a PNG that holds itself: dark ink on white."""
    buffer = io.BytesIO()
    Image.fromarray(255 - image).save(buffer, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
