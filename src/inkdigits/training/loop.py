"""`train` starts a run, `resume` goes on with one."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import nn

from inkdigits.data import Mnist, default_validation, split_validation
from inkdigits.data.augmentation import augmentation
from inkdigits.data.clutter import NOT_A_DIGIT
from inkdigits.errors import Interrupted, UsageError
from inkdigits.networks import build, find
from inkdigits.processors import usable_processors
from inkdigits.training.curve_reporters import CurveReporter, NotebookCurve
from inkdigits.training.events import Listener
from inkdigits.training.metrics_file import JsonLinesReporter
from inkdigits.training.optimizers import make_optimizer
from inkdigits.training.recipes import Recipe, recipe_for
from inkdigits.training.result import TrainingResult
from inkdigits.training.run import Run
from inkdigits.training.run_folder import Plan, RunFolder, new_run_folder, today, versions

# Multiplications of a step forwards, below which one thread is as fast as two.
_FEW = 4_000_000


def train(
    network: str,
    data: Mnist,
    recipe: Recipe | str = "default",
    *,
    options: Mapping[str, str] | None = None,
    seed: int = 0,
    validation: int | None = None,
    run_folder: Path | None = None,
    every: int = 100,
    device: str = "auto",
    threads: int | None = None,
    on_event: Iterable[Listener] = (),
) -> TrainingResult:
    """Train a network from the start.

    Args:
        network: a name from the registry, such as "cnn".
        data: training and test set.
        recipe: one, or the name of the network's.
        options: of the network, such as `{"activation": "tanh"}`.
        seed: decides the split, the initial weights, the order and the augmentation.
        validation: how many training images to choose the best pass by; 5,000 by default, a tenth
            of a small set, 0 for none (then the last pass is taken).
        run_folder: a new one under `runs/` by default.
        every: steps between two reports of the cost.
        device: `auto`, `cpu` or `cuda`.
        threads: processors to use; by default all that there are, or one where a step is so short
            that they would wait for each other longer than they work.
        on_event: called with every event; one that has a method `close` is closed at the end,
            also when training fails.

    Raises:
        UsageError: an argument makes no sense.
        TrainingError: the cost is no longer a number; the passes before are kept.
        StorageError: a file can't be written; the passes before are kept.
        Interrupted: by Ctrl-C; `resume` goes on.
    """
    entry = find(network)
    chosen = recipe_for(entry.name, recipe) if isinstance(recipe, str) else recipe
    count = default_validation(data.train) if validation is None else validation
    built = build(entry.name, **(options or {}))
    plan = Plan(
        network=entry.name,
        options=dict(options or {}),
        recipe=chosen,
        data={
            "name": data.train.name,
            "origin": data.origin,
            "checksum": data.train.checksum(),
            "train": len(data.train) - count,
            "validation": count,
            "test": len(data.test),
        },
        seed=seed,
        every=every,
        device=_device(device),
        threads=threads or _threads_that_pay(built, chosen),
        versions=versions(),
        date=today(),
    )
    # What can't work is said before a folder is made.
    augmentation(chosen.augmentation)
    make_optimizer(built, chosen)
    _check_outputs(built, chosen)
    if count:
        split_validation(data.train, count, seed)
    folder = RunFolder(run_folder or new_run_folder(plan.network))
    folder.create(plan)
    return _run(plan, data, folder, on_event)


def resume(run_folder: Path, data: Mnist, *, on_event: Iterable[Listener] = ()) -> TrainingResult:
    """Go on with an interrupted run; on the same machine it ends as if it had not been interrupted.

    Raises:
        InputError: there is no run in the folder, it is damaged, or its data is another.
        UsageError: it is finished, or another process is at it.
    """
    folder = RunFolder(run_folder)
    plan, outcome = folder.load()
    if outcome is not None:
        raise UsageError(f"the run in {run_folder} is finished; its model is {folder.best}")
    if data.train.checksum() != plan.data["checksum"]:
        raise UsageError(
            f"the run in {run_folder} was trained on {plan.data['name']} and this is other data; "
            "give it the data that it had"
        )
    return _run(plan, data, folder, on_event)


def _run(
    plan: Plan, data: Mnist, folder: RunFolder, on_event: Iterable[Listener]
) -> TrainingResult:
    threads = torch.get_num_threads()
    random_state = torch.get_rng_state()
    listeners = [*_own_listeners(folder), *on_event]
    try:
        torch.set_num_threads(plan.threads)
        with folder.alone():
            return Run(plan, data, folder, listeners).result()
    except KeyboardInterrupt as error:
        raise Interrupted(
            f"interrupted; go on with: inkdigits train --resume {folder.path}"
        ) from error
    finally:
        for listener in listeners:
            if hasattr(listener, "close"):
                listener.close()
        # The caller's torch is left as it was.
        torch.set_num_threads(threads)
        torch.set_rng_state(random_state)


def _check_outputs(network: nn.Module, recipe: Recipe) -> None:
    if not recipe.clutter:
        return
    with torch.inference_mode():
        outputs = network.eval()(torch.zeros(1, 1, 28, 28)).shape[1]
    if outputs <= NOT_A_DIGIT:
        raise UsageError(
            f"the recipe {recipe.name} has clutter, for which a network needs 11 outputs, and this "
            f"one has {outputs}; choose another recipe"
        )


def _threads_that_pay(network: nn.Module, recipe: Recipe) -> int:
    """All processors, or one for a small network without convolutions.

    Threads wait for each other by spinning, which is dear where others use the processors too.
    """
    shapes = [parameter.shape for parameter in network.parameters()]
    convolves = any(len(shape) > 2 for shape in shapes)
    multiplications = recipe.batch_size * sum(shape.numel() for shape in shapes)
    return 1 if not convolves and multiplications < _FEW else usable_processors()


def _own_listeners(folder: RunFolder) -> list[Listener]:
    """What every run has: the files in its folder, and the curve under a notebook's cell."""
    notebook = NotebookCurve.if_in_notebook()
    files: list[Listener] = [JsonLinesReporter(folder.metrics), CurveReporter(folder.path)]
    return [*files, notebook] if notebook else files


def _device(name: str) -> str:
    if name not in ("auto", "cpu", "cuda"):
        raise UsageError(f"there is no device '{name}'; choose auto, cpu or cuda")
    if name == "cuda" and not torch.cuda.is_available():
        raise UsageError("there is no CUDA device here; leave --device out or say --device cpu")
    return "cuda" if name != "cpu" and torch.cuda.is_available() else "cpu"
