"""A run at work: passes over the data, the best by validation cost, one look at the test set."""

import copy
import time
from dataclasses import replace

import torch
from torch import nn

from inkdigits.data import Mnist, split_validation
from inkdigits.files import write_whole
from inkdigits.inference import Recognizer
from inkdigits.inference.evaluation import evaluate_probabilities
from inkdigits.inference.model_file import ModelMetadata
from inkdigits.networks import build
from inkdigits.training.calibration import temperature
from inkdigits.training.checkpoint import State, load_checkpoint, save_checkpoint
from inkdigits.training.events import Event, Listener, PassDone, TrainingDone, TrainingStarted
from inkdigits.training.export import to_onnx, with_metadata
from inkdigits.training.optimizers import make_optimizer
from inkdigits.training.passes import images_tensor, labels_tensor, logits_of, train_one_pass
from inkdigits.training.result import TrainingResult
from inkdigits.training.run_folder import Plan, RunFolder


class Run:
    """The plan, the data and the state that training changes, taken up from a checkpoint."""

    def __init__(
        self, plan: Plan, data: Mnist, folder: RunFolder, listeners: list[Listener]
    ) -> None:
        self.plan, self.folder, self.listeners = plan, folder, listeners
        self.train, self.validation, self.test = data.train, None, data.test
        if plan.data["validation"]:
            self.train, self.validation = split_validation(
                data.train, plan.data["validation"], plan.seed
            )
        torch.manual_seed(plan.seed)
        network = build(plan.network, **plan.options).to(plan.device)
        network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        averaged = (
            {name: value.clone() for name, value in network.state_dict().items()}
            if plan.recipe.averaging
            else {}
        )
        self.state = State(network, make_optimizer(network, plan.recipe), averaged, [])
        self.parameters = sum(parameter.numel() for parameter in network.parameters())
        if folder.checkpoint.exists():
            load_checkpoint(folder.checkpoint, self.state)

    def result(self) -> TrainingResult:
        """Do the passes that are left, choose the best, look at the test set once."""
        recipe, device, done = self.plan.recipe, self.plan.device, self.state.passes
        images, labels = images_tensor(self.train, device), labels_tensor(self.train, device)
        steps = -(-len(images) // recipe.batch_size)
        self._tell(
            TrainingStarted(
                self.plan.network,
                recipe,
                self.parameters,
                steps,
                recipe.passes,
                len(done),
                self.folder.path,
            )
        )
        for pass_ in range(len(done), recipe.passes):
            start = time.perf_counter()
            train_cost = train_one_pass(
                self.state,
                images,
                labels,
                recipe,
                pass_=pass_,
                seed=self.plan.seed,
                every=self.plan.every,
                on_step=self._tell,
            )
            self._end_pass(pass_, train_cost, start)
        return self._finish()

    def _end_pass(self, pass_: int, train_cost: float, start: float) -> None:
        """Validate, save the model and the checkpoint; only then is the pass done."""
        network = self.state.network
        if self.state.averaged:
            network = copy.deepcopy(network)
            network.load_state_dict(self.state.averaged)
        divisor, figures = self._validate(network)
        metadata = ModelMetadata(
            network=self.plan.network,
            parameters=self.parameters,
            recipe=self.plan.recipe.as_dict(),
            data=self.plan.data,
            seed=self.plan.seed,
            best_pass=pass_,
            temperature=divisor,
            validation=figures,
            test=None,
            versions=self.plan.versions,
            date=self.plan.date,
        )
        content = with_metadata(to_onnx(network, divisor), metadata)
        done = PassDone(
            pass_,
            train_cost,
            figures["cost"] if figures else None,
            figures["accuracy"] if figures else None,
            seconds=time.perf_counter() - start,
            is_best=figures is None
            or all(
                earlier.validation_cost is None or figures["cost"] < earlier.validation_cost
                for earlier in self.state.passes
            ),
            model=self.folder.pass_file(pass_),
        )
        write_whole(done.model, content)
        if done.is_best:
            write_whole(self.folder.best, content)
        self.state.passes.append(done)
        save_checkpoint(self.folder.checkpoint, self.state)
        self._tell(done)

    def _validate(self, network: nn.Module) -> tuple[float, dict[str, float] | None]:
        """The temperature that fits the validation split, and how the network does with it there.

        One number fitted to thousands of images: its figures there are those of new images.
        """
        if self.validation is None:
            return 1.0, None
        logits = logits_of(network, images_tensor(self.validation, self.plan.device))[:, :10]
        divisor = temperature(logits.numpy(), self.validation.labels)
        probabilities = torch.softmax(logits / divisor, 1).numpy()
        evaluation = evaluate_probabilities(probabilities, self.validation.labels)
        return divisor, {"cost": evaluation.cost, "accuracy": evaluation.accuracy}

    def _finish(self) -> TrainingResult:
        """Test the file of the best pass, as everybody will use it, and write the figures in it."""
        passes = self.state.passes
        best = [done for done in passes if done.is_best][-1]
        recognizer = Recognizer.load(best.model, threads=self.plan.threads)
        test = recognizer.evaluate(self.test)
        figures = {"cost": test.cost, "accuracy": test.accuracy, "looks": 1}
        metadata = replace(recognizer.metadata, test=figures)
        write_whole(self.folder.best, with_metadata(best.model.read_bytes(), metadata))
        result = TrainingResult(
            network=self.plan.network,
            recipe=self.plan.recipe,
            data=self.plan.data,
            passes=passes,
            best_pass=best.pass_,
            validation=recognizer.metadata.validation,
            test=test,
            parameters=self.parameters,
            seconds=sum(done.seconds for done in passes),
            model=self.folder.best,
            run_folder=self.folder.path,
        )
        self._tell(TrainingDone(best.pass_, test.cost, test.accuracy, result.seconds, result.model))
        self.folder.finish(self.plan, result.as_dict())
        return result

    def _tell(self, event: Event) -> None:
        for listener in self.listeners:
            listener(event)
