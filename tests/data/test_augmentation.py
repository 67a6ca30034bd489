"""Augmentation changes pictures of digits a little, always the same way under one seed."""

import pytest
import torch

from inkdigits.data import augmentation
from inkdigits.data.augmentation import AUGMENTATIONS
from inkdigits.errors import UsageError

CHANGING = [name for name in AUGMENTATIONS if name != "none"]
LIGHT = [name for name in CHANGING if name != "handwriting"]  # that one has a file of its own


def augment(name, images, generator):
    """With labels that go round all classes, clutter's among them."""
    return augmentation.augment(name, images, torch.arange(len(images)) % 11, generator)


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def digits(count=32):
    """Slanted strokes and rings in the middle 20x20 pixels, as MNIST's digits lie."""
    images = torch.full((count, 1, 28, 28), -1.0)
    rows, columns = torch.meshgrid(torch.arange(28.0), torch.arange(28.0), indexing="ij")
    for index in range(count):
        slant = (index % 5 - 2) / 5
        stroke = (columns - 14 - slant * (rows - 14)).abs() < 1.5
        ring = ((rows - 14).hypot(columns - 14) - 8).abs() < 1.5
        inside = (rows - 14).abs() < 10
        images[index, 0][(stroke if index % 2 else ring) & inside] = 1.0
    return images


def ink(images):
    return (images + 1).sum(dim=(1, 2, 3)) / 2


@pytest.mark.parametrize("name", AUGMENTATIONS)
@pytest.mark.parametrize("count", [1, 7])
def test_shape_type_and_range_are_kept(name, count):
    augmented = augment(name, torch.rand(count, 1, 28, 28) * 2 - 1, seeded(0))
    assert augmented.shape == (count, 1, 28, 28)
    assert augmented.dtype == torch.float32
    assert augmented.min() >= -1
    assert augmented.max() <= 1


@pytest.mark.parametrize("name", CHANGING)
def test_the_same_seed_gives_the_same_images_and_another_seed_others(name):
    images = digits()
    first = augment(name, images, seeded(3))
    assert torch.equal(first, augment(name, images, seeded(3)))
    assert not torch.equal(first, augment(name, images, seeded(4)))


@pytest.mark.parametrize("name", CHANGING)
def test_only_the_given_generator_is_used(name):
    state = torch.random.get_rng_state()
    augment(name, digits(), seeded(0))
    assert torch.equal(state, torch.random.get_rng_state())


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_the_given_images_are_left_as_they_were(name):
    images = digits()
    before = images.clone()
    augment(name, images, seeded(0))
    assert torch.equal(images, before)


@pytest.mark.parametrize("name", CHANGING)
def test_each_image_is_changed_in_its_own_way(name):
    same = digits(2)[1:].expand(32, 1, 28, 28)
    augmented = augment(name, same, seeded(0))
    assert len({tuple(image.flatten().tolist()) for image in augmented}) >= 8


def test_none_is_the_identity():
    images = digits()
    assert torch.equal(augment("none", images, seeded(0)), images)


@pytest.mark.parametrize("name", LIGHT)
def test_the_ink_stays_in_the_frame_and_about_as_much(name):
    images = digits(200)
    ratio = ink(augment(name, images, seeded(0))) / ink(images)
    assert ratio.min() > 0.7
    assert ratio.max() < 1.4
    assert 0.95 < ratio.mean() < 1.05


@pytest.mark.parametrize("name", LIGHT)
def test_what_moves_in_from_outside_is_background(name):
    empty = torch.full((16, 1, 28, 28), -1.0)
    assert torch.equal(augment(name, empty, seeded(0)), empty)


def test_a_shift_moves_every_pixel_alike():
    images = digits()
    moved = augment("shift", images, seeded(0))
    assert torch.equal(ink(moved), ink(images))
    for before, after in zip(images, moved, strict=True):
        assert any(
            torch.equal(torch.roll(before, (down, right), (1, 2)), after)
            for down in (-1, 0, 1)
            for right in (-1, 0, 1)
        )


def test_an_unknown_augmentation_says_which_there_are():
    with pytest.raises(UsageError, match="no augmentation 'blur'; choose none, shift, affine"):
        augment("blur", digits(1), seeded(0))
