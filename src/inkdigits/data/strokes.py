"""Pen strokes, drawn in batches: shapes are written down as points, and become images.

A shape is a few strokes, each of them points on a grid of 4 x 6: `"06 20 46|14 34"` is an A, a
point being its column, 0 to 4 from the left, and its row, 0 to 6 from the top. No two are drawn
alike: points are moved at random, corners are rounded as far as wanted, a pen has any width.
"""

import torch

from inkdigits.data.deformation import SIDE

_MARGIN, _GRID = 4.0, (5.0, 20 / 6)  # pixels: a shape is as large as a digit of MNIST
_ROUNDS = 2  # of corner cutting, each of which doubles the points


class Shapes:
    """Shapes that can be written.

    Attributes:
        points: float32 [shapes, strokes, points, 2], (x, y) in pixels; a stroke that has fewer
            points stays at its last one, and one that a shape lacks is not a number.
        lengths: int64 [shapes, strokes], the points that a stroke has.
        strokes: how many the shape has that has the most.
    """

    def __init__(self, texts: tuple[str, ...]) -> None:
        parsed = [[stroke.split() for stroke in text.split("|")] for text in texts]
        self.strokes = strokes = max(len(shape) for shape in parsed)
        most = max(len(stroke) for shape in parsed for stroke in shape)
        self.points = torch.full((len(parsed), strokes, most, 2), torch.nan)
        self.lengths = torch.ones(len(parsed), strokes, dtype=torch.int64)
        for number, shape in enumerate(parsed):
            for place, stroke in enumerate(shape):
                points = [[float(point[0]), float(point[1])] for point in stroke]
                points += points[-1:] * (most - len(points))
                self.points[number, place] = torch.tensor(points)
                self.lengths[number, place] = len(stroke)
        self.points = self.points * torch.tensor(_GRID) + _MARGIN

    def __len__(self) -> int:
        """How many there are."""
        return len(self.points)

    def write(
        self,
        which: torch.Tensor,
        shakiness: float,
        roundness: torch.Tensor,
        generator: torch.Generator,
    ) -> torch.Tensor:
        """Some of the shapes, as the straight pieces that `draw` takes.

        Args:
            which: int64 [n], the number of each.
            shakiness: the standard deviation of each point's place, in pixels.
            roundness: float32 [n], from 0 (corners stay sharp) to 1 (they become arcs): corner
                cutting (Chaikin 1974) that keeps both ends of a stroke.
            generator: on the CPU.

        Returns:
            float32 [n, pieces, 2, 2], those of a stroke side by side.
        """
        points, lengths = self.points[which], self.lengths[which]
        points = points + torch.randn(points.shape, generator=generator) * shakiness
        place = torch.arange(points.shape[2]).expand(points.shape[:3])
        place = torch.minimum(place, lengths[..., None] - 1)
        points = points.gather(2, place[..., None].expand(points.shape))
        cut = 0.25 * roundness.view(-1, 1, 1, 1)
        for _ in range(_ROUNDS):
            here, after = points[:, :, :-1], points[:, :, 1:]
            step = cut * (after - here)
            between = torch.stack((here + step, after - step), 3).flatten(2, 3)
            points = torch.cat((points[:, :, :1], between, points[:, :, -1:]), 2)
        return torch.stack((points[:, :, :-1], points[:, :, 1:]), 3).flatten(1, 2)


def draw(pieces: torch.Tensor, widths: torch.Tensor) -> torch.Tensor:
    """Straight pieces of strokes as images, float32 [n, 28, 28], ink 1 on 0.

    Args:
        pieces: float32 [n, k, 2, 2]: both ends of each piece, (x, y) in pixels; not a number where
            an image has fewer.
        widths: float32 [n]: of all strokes of an image, in pixels.
    """
    count = len(pieces)
    # Most of a table is padding: only what has a length is drawn.
    image, piece = (
        (pieces[:, :, 1] != pieces[:, :, 0])
        .any(-1)
        .logical_and(pieces.isfinite().all(-1).all(-1))
        .nonzero(as_tuple=True)
    )
    start, end = pieces[image, piece].unbind(1)
    along = end - start
    middles = torch.arange(SIDE, dtype=torch.float32) + 0.5
    from_x, from_y = middles - start[:, :1], middles - start[:, 1:]  # [pieces, 28]
    length = along.square().sum(1, keepdim=True)
    share = (from_x * along[:, :1] / length)[:, None] + (from_y * along[:, 1:] / length)[:, :, None]
    share = share.clamp_(0, 1)
    off_x = from_x[:, None] - share * along[:, :1, None]
    off_y = from_y[:, :, None] - share * along[:, 1:, None]
    squared = off_x.square_().add_(off_y.square_()).flatten(1)
    nearest = torch.full((count, SIDE * SIDE), 1e6)
    nearest.scatter_reduce_(0, image[:, None].expand(squared.shape), squared, "amin")
    distance = nearest.sqrt_().view(count, SIDE, SIDE)
    return (widths.view(-1, 1, 1) / 2 + 0.5 - distance).clamp(0, 1)
