"""A picture read with PyTorch and Pillow. Arguments: weights (made if missing), picture."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from pytorch_networks import cnn

model = cnn().eval()
if not Path(sys.argv[1]).exists():
    torch.save(model.state_dict(), sys.argv[1])
model.load_state_dict(torch.load(sys.argv[1], weights_only=True))
with Image.open(sys.argv[2]) as image:
    grey = np.asarray(image.convert("L").resize((28, 28)), np.float32)
with torch.inference_mode():
    logits = model(torch.from_numpy(1 - grey / 127.5)[None, None])[0]
print(json.dumps({"value": int(logits.argmax())}))
