"""How the figures of a report came about: data, recipes, versions, looks at the test set."""

from html import escape

from inkdigits.interfaces.report.comparison import Comparison


def method_section(comparison: Comparison) -> str:
    """What the classifiers have in common, and each one's recipe, as an HTML section."""
    data = comparison.data
    sizes = ", ".join(
        f"{data[part]:,} {words}"
        for part, words in (("train", "to train on"), ("validation", "to choose by"),
                            ("test", "to test on"))
        if data.get(part) is not None
    )  # fmt: skip
    common = {
        "Data": f"{data.get('name', '')}: {sizes}",
        "Origin": str(data.get("origin", "")),
        "SHA-256 of the training data": str(data.get("checksum", "")),
        "Looks at the test set": f"{len(comparison.entries)}: one for each classifier, after its "
        "settings and its pass were chosen",
        "Seed": str(comparison.seed),
        "Machine": comparison.machine,
        "Versions": ", ".join(f"{name} {is_}" for name, is_ in comparison.versions.items()),
    }
    cards = [f'<div class="card"><h3>In common</h3>{_definitions(common)}</div>']
    for entry in comparison.entries:
        recipe = entry.recipe or {"settings": entry.settings}
        named = {name.replace("_", " "): str(value) for name, value in recipe.items()}
        cards.append(f'<div class="card"><h3>{escape(entry.title)}</h3>{_definitions(named)}</div>')
    return (
        "<section><h2>How it was done</h2>"
        f'<div class="grid">{"".join(cards)}</div></section>\n</main>\n'
    )


def _definitions(values: dict[str, str]) -> str:
    items = (f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in values.items() if v)
    return f"<dl>{''.join(items)}</dl>"
