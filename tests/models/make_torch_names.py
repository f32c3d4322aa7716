"""Makes torch_names.txt: the state_dict names and shapes, and the printed layers, of the PyTorch
modules that our models equal. Run with Debian's python3-torch:

    python3 tests/models/make_torch_names.py > tests/models/torch_names.txt
"""
from collections import OrderedDict

import torch
from torch import nn


def conv(c, k, kernel, batch_norm=True, act=nn.ReLU, **options):
    layers = [nn.Conv2d(c, k, kernel, **options)]
    if batch_norm:
        layers.append(nn.BatchNorm2d(k))
    return layers + [act()]


def split(features, classifier):
    return nn.Sequential(
        OrderedDict(features=nn.Sequential(*features), classifier=nn.Sequential(*classifier)))


def pair(a, b):
    return [layer for spec in ((a, b), (b, b)) for layer in conv(*spec, 3, padding=1)]


lenet5 = split(
    conv(3, 6, 5, False, nn.Tanh) + [nn.AvgPool2d(2)]
    + conv(6, 16, 5, False, nn.Tanh) + [nn.AvgPool2d(2)],
    [nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(),
     nn.Linear(84, 10)])

pool = lambda: nn.MaxPool2d(2)
vgg_mini = split(
    pair(3, 64) + [pool()] + pair(64, 128) + [pool()] + pair(128, 256) + [pool()],
    [nn.Flatten(), nn.Linear(4096, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10)])

all_cnn_c = split(
    [nn.Dropout(0.2)]
    + conv(3, 96, 3, padding=1) + conv(96, 96, 3, padding=1)
    + conv(96, 96, 3, padding=1, stride=2) + [nn.Dropout(0.5)]
    + conv(96, 192, 3, padding=1) + conv(192, 192, 3, padding=1)
    + conv(192, 192, 3, padding=1, stride=2) + [nn.Dropout(0.5)]
    + conv(192, 192, 3) + conv(192, 192, 1) + [nn.Conv2d(192, 10, 1)],
    [nn.AdaptiveAvgPool2d(1), nn.Flatten()])

base_a = split(
    conv(3, 96, 5, False, padding=2) + [nn.MaxPool2d(3, 2, 1)]
    + conv(96, 192, 5, False, padding=2) + [nn.MaxPool2d(3, 2, 1)]
    + conv(192, 192, 3, False) + conv(192, 192, 1, False) + conv(192, 10, 1, False),
    [nn.AdaptiveAvgPool2d(1), nn.Flatten()])

block = nn.Sequential(*conv(8, 8, (3, 5), True, nn.SiLU, padding=(1, 2), groups=8, bias=False),
                      *conv(8, 8, (3, 5), True, nn.SiLU, padding=(1, 2), groups=8, bias=False))
explicit = split(
    [nn.Conv2d(3, 8, 3, stride=(1, 2), dilation=2), nn.LeakyReLU(0.2), nn.BatchNorm2d(8, 0.001, 0.3),
     nn.MaxPool2d((3, 2), (2, 1), (1, 0), ceil_mode=True)],
    [nn.GELU(), nn.AdaptiveAvgPool2d((2, 3)), nn.Flatten(), nn.Linear(48, 10, bias=False)])
explicit.features.add_module("block", block)

rearranged = split(
    [nn.ReflectionPad2d((1, 2, 3, 0)), nn.Conv2d(3, 4, (4, 4)), nn.PixelUnshuffle(2),
     nn.ConvTranspose2d(16, 8, (3, 2), stride=2, padding=(1, 0), output_padding=(1, 0)),
     nn.ConvTranspose2d(8, 8, 2, dilation=3, bias=False), nn.PixelShuffle(2)],
    [nn.AdaptiveMaxPool2d((2, 3)), nn.Flatten(), nn.Linear(12, 10)])

for name, net in dict(lenet5=lenet5, vgg_mini=vgg_mini, all_cnn_c=all_cnn_c, base_a=base_a,
                      explicit=explicit, rearranged=rearranged).items():
    assert net(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    for key, value in net.state_dict().items():
        print(f"{name} state {key} ({', '.join(map(str, value.shape))})")
    for path, module in net.named_modules():
        if not isinstance(module, nn.Sequential):
            print(f"{name} layer {path} {module}")
