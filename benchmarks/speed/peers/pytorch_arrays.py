"""Ready arrays classified by PyTorch, channels last. Arguments: network, images."""

import sys

import torch
from arrays import measure, pixels, scaled
from pytorch_networks import NETWORKS

model = NETWORKS[sys.argv[1]]().eval().to(memory_format=torch.channels_last)
images = torch.from_numpy(scaled(pixels(int(sys.argv[2]))))
images = images.contiguous(memory_format=torch.channels_last)
with torch.inference_mode():
    measure(lambda part: model(part).softmax(1).numpy(), images)
