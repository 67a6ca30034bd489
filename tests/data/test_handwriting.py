"""The strong augmentation: what goes in stays a digit, and every image gets its own change."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from inkdigits.data import handwriting as shares
from inkdigits.data import ways_of_writing
from inkdigits.data.deformation import boxes, deform
from inkdigits.data.other_forms import FORMS
from inkdigits.data.pens_and_cameras import change_greys, change_strokes
from inkdigits.data.remains import moved, with_gaps, with_lines, with_neighbours
from inkdigits.data.strokes import Shapes
from inkdigits.data.ways_of_writing import other_hands


@pytest.fixture(scope="module")
def images(few_digits):
    """Digits float32 [600, 1, 28, 28] in [-1, 1]."""
    return torch.from_numpy(few_digits.train.images[:600])[:, None].float() / 127.5 - 1


@pytest.fixture(scope="module")
def labels(few_digits):
    """Their labels, int64 [600]."""
    return torch.from_numpy(few_digits.train.labels[:600]).long()


@pytest.fixture
def ink(images):
    """The same with ink 1 on background 0."""
    return (images + 1) / 2


def handwriting(images, generator):
    """With labels that go round all classes, clutter's among them."""
    return shares.handwriting(images, torch.arange(len(images)) % 11, generator)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def all_of(count):
    return torch.ones(count, dtype=torch.bool)


@pytest.mark.parametrize("count", [1, 2, 600])
def test_images_keep_their_form_and_range_and_the_input_is_not_touched(images, count):
    before = images[:count].clone()
    changed = handwriting(before, generator())
    assert changed.shape == (count, 1, 28, 28)
    assert changed.dtype == torch.float32
    assert changed.min() >= -1
    assert changed.max() <= 1
    assert torch.equal(before, images[:count])


def test_the_same_seed_gives_the_same_images_and_another_does_not(images):
    first = handwriting(images, generator(4))
    assert torch.equal(handwriting(images, generator(4)), first)
    assert not torch.equal(handwriting(images, generator(5)), first)


def test_each_image_of_a_batch_gets_its_own_change(images):
    changed = handwriting(images[:1].expand(50, -1, -1, -1), generator())
    distance = torch.cdist(changed.flatten(1), changed.flatten(1)) + torch.eye(50)
    assert distance.min() > 0.1


def test_without_any_share_strokes_and_greys_stay_those_of_mnist(images, monkeypatch):
    monkeypatch.setattr(shares, "other_hands", lambda ink, labels, generator: ink)
    for share in ("FILLING", "STROKES", "GREYS", "NEIGHBOURS", "LINES", "GAPS"):
        monkeypatch.setattr(shares, share, 0.0)
    changed = handwriting(images, generator())
    # Shapes change and strokes don't: the amount of ink stays about what it was.
    ratio = (changed + 1).sum((1, 2, 3)) / (images + 1).sum((1, 2, 3))
    assert 0.9 < ratio.median() < 1.1
    assert changed.flatten(1).amax(1).median() > 0.9


@given(st.integers(0, 2**31), st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_any_image_even_a_blank_or_a_full_one_stays_in_range(seed, level):
    noise = torch.rand(6, 1, 28, 28, generator=generator(seed)) * 2 - 1
    noise[:2] = level * 2 - 1
    noise[2] = -1
    noise[3] = 1
    changed = handwriting(noise, generator(seed))
    assert changed.isfinite().all()
    assert changed.abs().max() <= 1


def test_shapes_come_back_to_mnists_size_and_place(ink):
    wild = deform(ink, torch.ones(len(ink)), torch.zeros(len(ink)), generator())
    left, top, right, bottom = boxes(wild)
    longest = torch.maximum(right - left, bottom - top).float()
    assert longest.quantile(0.1) > 16
    assert longest.quantile(0.9) < 25
    along = torch.arange(28.0)
    middle = (wild[:, 0].sum(1) * along).sum(1) / wild.sum((1, 2, 3))
    assert (middle - 14).abs().quantile(0.95) < 4


def test_digits_that_fill_a_square_are_wider(ink):
    zeros = torch.zeros(len(ink))
    plain = boxes(deform(ink, zeros, zeros, generator()))
    filled = boxes(deform(ink, zeros, zeros + 1, generator()))
    assert (filled[2] - filled[0]).float().mean() > (plain[2] - plain[0]).float().mean() + 2


def test_strokes_become_thinner_and_thicker_but_never_vanish(ink):
    changed = change_strokes(ink, all_of(len(ink)), generator())
    strongest = changed.amax((1, 2, 3), keepdim=True)
    assert strongest.min() > 0.2
    ratio = (changed > strongest / 2).sum((1, 2, 3)) / (ink > 0.5).sum((1, 2, 3))
    assert ratio.quantile(0.1) < 0.9
    assert ratio.quantile(0.9) > 1.15
    assert ratio.min() > 0.15
    assert ratio.max() < 4


@pytest.mark.parametrize("change", [change_strokes, change_greys])
def test_images_that_are_not_chosen_are_left_alone(ink, change):
    chosen = torch.arange(len(ink)) % 2 == 0
    changed = change(ink, chosen, generator())
    torch.testing.assert_close(changed[~chosen], ink[~chosen], atol=1e-5, rtol=0)
    assert (changed[chosen] - ink[chosen]).flatten(1).norm(dim=1).mean() > 0.5


def test_a_neighbour_enters_at_the_edge_only(ink):
    changed = with_neighbours(ink, ink.roll(1, 0), generator())
    added = changed - ink
    assert (added >= 0).all()
    assert (added.flatten(1).amax(1) > 0.3).float().mean() > 0.8
    assert torch.equal(added[:, :, 6:22, 6:22], torch.zeros_like(added[:, :, 6:22, 6:22]))


def test_moving_by_pixels_moves_and_loses_what_leaves_the_frame(ink):
    right = torch.full((len(ink),), 3)
    down = torch.full((len(ink),), -28)
    assert torch.equal(moved(ink, right, 0 * right)[..., 3:], ink[..., :-3])
    assert not moved(ink, right, down).any()


def test_lines_add_ink_and_gaps_take_ink(ink):
    lined, gapped = with_lines(ink, generator()), with_gaps(ink, generator())
    assert (lined >= ink).all()
    assert ((lined - ink).amax((1, 2, 3)) > 0.2).float().mean() > 0.8
    assert (gapped <= ink).all()
    kept = gapped.sum((1, 2, 3)) / ink.sum((1, 2, 3))
    assert kept.min() > 0.5
    assert kept.mean() < 0.97


def test_the_box_of_the_ink_is_found_and_that_of_a_blank_image_is_all(ink):
    image = torch.zeros(2, 1, 28, 28)
    image[0, 0, 3:9, 5:20] = 1
    assert [edge.tolist() for edge in boxes(image)] == [[5, 0], [3, 0], [20, 28], [9, 28]]


@pytest.fixture
def own_forms_only(monkeypatch):
    """No digit is drawn anew."""
    monkeypatch.setattr(ways_of_writing, "FORMS", {})


@pytest.mark.usefixtures("own_forms_only")
def test_other_hands_add_strokes_to_those_digits_that_they_write_otherwise(ink, labels):
    added = other_hands(ink, labels, generator()) - ink
    assert (added >= 0).all()
    has_more = added.flatten(1).amax(1) > 0.5
    for digit in (2, 3, 4, 5, 6, 8):
        assert not has_more[labels == digit].any()
    for digit, low, high in ((0, 0, 0.2), (1, 0.35, 0.7), (7, 0.2, 0.5), (9, 0.1, 0.4)):
        share = has_more[labels == digit].float().mean()
        assert low <= share <= high


@pytest.mark.usefixtures("own_forms_only")
def test_an_upstroke_leaves_the_top_of_a_1_to_the_left(ink, labels):
    ones = ink[labels == 1]
    added = other_hands(ones, torch.ones(len(ones), dtype=torch.int64), generator()) - ones
    with_flag = added[:, :, 6:14].flatten(1).amax(1) > 0.5
    columns = torch.arange(28.0)
    old = (ones[:, 0, 6:14].sum(1) * columns).sum(1) / ones[:, 0, 6:14].sum((1, 2))
    new = (added[:, 0, 6:14].sum(1) * columns).sum(1) / added[:, 0, 6:14].sum((1, 2))
    assert (new < old)[with_flag].float().mean() > 0.95


def test_some_digits_are_written_anew_in_the_form_of_other_hands(ink, labels, monkeypatch):
    for digit, (share, forms) in FORMS.items():
        own = ink[labels == digit].repeat(20, 1, 1, 1)
        named = torch.full((len(own),), digit)
        monkeypatch.setattr(ways_of_writing, "FORMS", {digit: (1.0, forms)})
        anew = other_hands(own, named, generator())
        monkeypatch.setattr(ways_of_writing, "FORMS", {digit: (share, forms)})
        some = other_hands(own, named, generator())
        # What is written anew lacks ink that the digit at hand had.
        lacks = ((own - anew).amax((1, 2, 3)) > 0.9).float().mean()
        assert lacks > 0.9
        assert ((own - some).amax((1, 2, 3)) > 0.9).float().mean() == pytest.approx(share, abs=0.05)


def test_a_form_is_written_with_the_pen_of_the_digit_at_hand(ink, labels):
    fours = ink[labels == 4]
    inked = fours.sum((1, 2, 3))
    thin, thick = fours[inked < inked.quantile(0.2)], fours[inked > inked.quantile(0.8)]
    forms = FORMS[4][1]
    ways = [ways_of_writing._rewritten(part, forms, generator()) for part in (thin, thick)]
    assert ways[1].sum((1, 2, 3)).mean() > 1.3 * ways[0].sum((1, 2, 3)).mean()


def test_rounded_strokes_keep_their_ends_and_leave_their_corners():
    shapes = Shapes(("00 40 46", "00 03"))
    sharp, round_ = (
        shapes.write(torch.tensor([0, 1]), 0.0, torch.full((2,), roundness), generator())
        for roundness in (0.0, 1.0)
    )
    for pieces in (sharp, round_):
        assert pieces[0, 0, 0].tolist() == [4, 4]
        assert pieces[0, -1, 1].tolist() == [24, 24]
        assert pieces[1, -1, 1].tolist() == [4, 14]
    corner = torch.tensor([24.0, 4.0])
    assert (sharp[0] - corner).norm(dim=-1).min() == 0
    assert (round_[0] - corner).norm(dim=-1).min() > 2


def test_what_is_not_a_digit_gets_no_stroke(ink):
    assert torch.equal(other_hands(ink, torch.full((len(ink),), 10), generator()), ink)
