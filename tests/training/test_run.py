"""Runs: what they leave behind, how they are interrupted and go on, and how they fail."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from inkdigits.errors import InputError, Interrupted, StorageError, TrainingError, UsageError
from inkdigits.inference import Recognizer
from inkdigits.training import PassDone, Recipe, StepDone, TrainingDone, resume, train
from inkdigits.training.run_folder import RunFolder

RECIPE = Recipe("custom", passes=4, batch_size=50, averaging=0.9, augmentation="none")


def run(digits, folder, network="mlp", recipe=RECIPE, **arguments):
    return train(network, digits, recipe, run_folder=folder, threads=1, **arguments)


def what_was_measured(path: Path) -> list[dict]:
    """The lines of steps and passes, without what differs from run to run."""
    events = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        {key: value for key, value in event.items() if key not in ("seconds", "model")}
        for event in events
        if event["event"] in ("StepDone", "PassDone")
    ]


@pytest.fixture(scope="module")
def finished(few_digits, tmp_path_factory):
    """A run of four passes that nothing disturbed."""
    return run(few_digits, tmp_path_factory.mktemp("runs") / "whole")


def test_a_run_leaves_a_model_a_pass_and_the_best_one(finished):
    names = {path.name for path in finished.run_folder.iterdir()}
    assert {"run.json", "best.onnx", "checkpoint.safetensors"} <= names
    assert {f"pass-{i:02d}.onnx" for i in range(4)} <= names
    assert not [name for name in names if name.endswith(".part")]


def test_the_best_pass_is_the_one_with_the_lowest_validation_cost(finished):
    costs = [done.validation_cost for done in finished.passes]
    assert finished.best_pass == int(np.argmin(costs))
    best = Recognizer.load(finished.run_folder / "best.onnx")
    chosen = Recognizer.load(finished.run_folder / f"pass-{finished.best_pass:02d}.onnx")
    assert best.metadata == replace(chosen.metadata, test=best.metadata.test)
    assert best.metadata.test["looks"] == 1
    assert chosen.metadata.test is None


def test_the_reported_test_figures_are_those_of_the_file(finished, few_digits):
    again = Recognizer.load(finished.model).evaluate(few_digits.test)
    assert again.accuracy == finished.test.accuracy > 0.7
    assert again.cost == finished.test.cost


def test_plain_onnx_runtime_loads_the_model_and_says_what_it_is(finished):
    session = onnxruntime.InferenceSession(finished.model, providers=["CPUExecutionProvider"])
    (taken,), (given,) = session.get_inputs(), session.get_outputs()
    assert (taken.name, taken.shape[1:], given.name) == ("img", [1, 28, 28], "probabilities")
    probabilities = session.run(None, {"img": -np.ones((3, 1, 28, 28), np.float32)})[0]
    assert probabilities.shape == (3, 10)
    assert probabilities.sum(axis=1) == pytest.approx(1)
    properties = session.get_modelmeta().custom_metadata_map
    assert properties["network"] == "mlp"
    assert json.loads(properties["recipe"])["passes"] == 4
    assert len(json.loads(properties["data"])["checksum"]) == 64


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not(
    finished, few_digits, tmp_path
):
    again = run(few_digits, tmp_path / "again")
    other = run(few_digits, tmp_path / "other", seed=1)
    assert again.model.read_bytes() == finished.model.read_bytes()
    assert other.model.read_bytes() != finished.model.read_bytes()


def test_plain_steps_take_the_images_as_they_are(few_digits, tmp_path):
    changed = replace(RECIPE, passes=2, augmentation="affine")
    costs = {
        plain: what_was_measured(
            run(
                few_digits, tmp_path / str(plain), recipe=replace(changed, plain=plain), every=1
            ).run_folder
            / "metrics.jsonl"
        )
        for plain in (0.0, 0.5, 1.0)
    }
    never = run(few_digits, tmp_path / "never", recipe=replace(RECIPE, passes=2), every=1)
    assert costs[1.0] == what_was_measured(never.run_folder / "metrics.jsonl")
    half = len(costs[0.0]) // 2
    assert costs[0.5][:half] == costs[0.0][:half]
    assert costs[0.5][half] != costs[0.0][half]


@pytest.mark.parametrize("moment", ["mid-pass", "after a pass"])
def test_an_interrupted_run_ends_in_the_bits_of_an_uninterrupted_one(
    finished, few_digits, tmp_path, moment
):
    def stop(event):
        if moment == "mid-pass" and isinstance(event, StepDone) and event.step == 27:
            raise KeyboardInterrupt
        if moment == "after a pass" and isinstance(event, PassDone) and event.pass_ == 2:
            raise KeyboardInterrupt

    folder = tmp_path / "stopped"
    with pytest.raises(Interrupted, match=r"go on with: inkdigits train --resume .*stopped"):
        run(few_digits, folder, every=1, on_event=[stop])
    result = resume(folder, few_digits)
    assert result.model.read_bytes() == finished.model.read_bytes()
    assert len(result.passes) == 4
    for number in range(4):
        name = f"pass-{number:02d}.onnx"
        assert (folder / name).read_bytes() == (finished.run_folder / name).read_bytes()


def test_a_killed_run_ends_in_the_bits_of_an_uninterrupted_one(tmp_path):
    command = [
        sys.executable,
        "-m",
        "inkdigits",
        "train",
        "softmax-regression",
        "--passes",
        "4",
        "--threads",
        "1",
        "--out",
    ]
    environment = os.environ | {"INKDIGITS_CACHE": str(tmp_path / "cache")}
    subprocess.run([*command, tmp_path / "whole"], env=environment, check=True, capture_output=True)
    killed = tmp_path / "killed"
    process = subprocess.Popen(
        [*command, killed], env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not (killed / "pass-01.onnx").exists() and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (killed / "pass-03.onnx").exists()
    subprocess.run(
        [sys.executable, "-m", "inkdigits", "train", "--resume", killed],
        env=environment,
        check=True,
        capture_output=True,
    )
    assert (killed / "best.onnx").read_bytes() == (tmp_path / "whole/best.onnx").read_bytes()
    measured = what_was_measured(killed / "metrics.jsonl")
    assert measured == what_was_measured(tmp_path / "whole/metrics.jsonl") != []


def test_a_finished_run_is_not_done_again(finished, few_digits):
    with pytest.raises(UsageError, match=r"is finished; its model is .*best\.onnx"):
        resume(finished.run_folder, few_digits)


def test_a_folder_with_a_run_is_not_overwritten(finished, few_digits):
    with pytest.raises(UsageError, match="holds a run already"):
        run(few_digits, finished.run_folder)


def test_a_run_does_not_go_on_with_other_data(few_digits, tmp_path):
    def stop(event):
        if isinstance(event, StepDone):
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        run(few_digits, tmp_path / "run", on_event=[stop])
    other = replace(few_digits, train=few_digits.train.subset(np.arange(1000)))
    with pytest.raises(UsageError, match="this is other data"):
        resume(tmp_path / "run", other)


@pytest.mark.parametrize("damage", ["missing", "empty", "half"])
def test_a_folder_without_a_whole_plan_is_refused(finished, few_digits, tmp_path, damage):
    plan = finished.run_folder.joinpath("run.json").read_bytes()
    if damage != "missing":
        (tmp_path / "run.json").write_bytes(b"" if damage == "empty" else plan[: len(plan) // 2])
    with pytest.raises(InputError, match=r"run\.json"):
        resume(tmp_path, few_digits)


def test_a_damaged_checkpoint_is_refused_in_one_line(few_digits, tmp_path):
    def stop(event):
        if isinstance(event, PassDone) and event.pass_ == 1:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        run(few_digits, tmp_path / "run", on_event=[stop])
    checkpoint = tmp_path / "run/checkpoint.safetensors"
    checkpoint.write_bytes(checkpoint.read_bytes()[:-100])
    with pytest.raises(InputError, match=r"checkpoint .* is damaged"):
        resume(tmp_path / "run", few_digits)


def test_two_processes_do_not_train_in_one_folder(few_digits, tmp_path):
    def intrude(event):
        if isinstance(event, PassDone) and event.pass_ == 0:
            with pytest.raises(UsageError, match="another process is training"):
                resume(tmp_path / "run", few_digits)
            intrude.tried = True

    run(few_digits, tmp_path / "run", on_event=[intrude])
    assert intrude.tried


def test_a_cost_that_is_no_number_ends_the_run_and_keeps_the_passes_before(few_digits, tmp_path):
    def stop(event):
        if isinstance(event, PassDone):
            raise KeyboardInterrupt

    folder = tmp_path / "run"
    with pytest.raises(Interrupted):
        run(few_digits, folder, on_event=[stop])
    saved = (folder / "best.onnx").read_bytes()
    plan, _ = RunFolder(folder).load()
    wild = replace(plan, recipe=replace(RECIPE, learning_rate=1e30))
    (folder / "run.json").write_text(json.dumps({"plan": asdict(wild)}))
    with pytest.raises(TrainingError, match=r"no longer a number in pass 1, batch \d+; try a"):
        resume(folder, few_digits)
    assert (folder / "best.onnx").read_bytes() == saved


def test_a_full_disk_ends_the_run_in_one_line_and_keeps_the_passes_before(few_digits, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def fill(event):
        if isinstance(event, PassDone) and event.pass_ == 0:
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))

    try:
        with pytest.raises(StorageError, match=r"can't write .*pass-01\.onnx"):
            run(few_digits, tmp_path / "run", on_event=[fill])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert Recognizer.load(tmp_path / "run/pass-00.onnx").metadata.best_pass == 0
    assert not list((tmp_path / "run").glob(".*part"))
    assert len(resume(tmp_path / "run", few_digits).passes) == 4


def test_a_removed_run_folder_ends_the_run_in_one_line(few_digits, tmp_path):
    def remove(event):
        if isinstance(event, PassDone) and event.pass_ == 0:
            (tmp_path / "run").rename(tmp_path / "elsewhere")

    with pytest.raises(StorageError, match=r"can't write .*/run/"):
        run(few_digits, tmp_path / "run", on_event=[remove])
    assert len(resume(tmp_path / "elsewhere", few_digits).passes) == 4


def test_without_a_validation_split_the_last_pass_is_taken(few_digits, tmp_path):
    result = run(few_digits, tmp_path / "run", validation=0)
    assert result.best_pass == 3
    assert result.passes[0].validation_cost is None
    assert Recognizer.load(result.model).metadata.temperature == 1
    assert result.data["train"] == len(few_digits.train)


def test_events_come_in_order_and_steps_every_so_often(few_digits, tmp_path):
    events = []
    result = run(few_digits, tmp_path / "run", every=5, on_event=[events.append])
    assert isinstance(events[-1], TrainingDone)
    assert [e.batch for e in events if isinstance(e, StepDone) and e.pass_ == 1] == [
        0,
        5,
        10,
        15,
        20,
    ]
    assert [e.pass_ for e in events if isinstance(e, PassDone)] == [0, 1, 2, 3]
    assert events[-1].test_accuracy == result.test.accuracy


def test_the_plan_of_a_run_can_be_read_again(finished):
    plan, outcome = RunFolder(finished.run_folder).load()
    assert (plan.network, plan.recipe, plan.threads) == ("mlp", RECIPE, 1)
    assert outcome["test_accuracy"] == finished.test.accuracy
