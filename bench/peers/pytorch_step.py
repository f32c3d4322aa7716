#!/usr/bin/env python3
"""Whole training steps of PyTorch on synthetic pictures; one JSON line with the images per second.

    OMP_PROC_BIND=close OMP_PLACES=cores /usr/bin/python3 bench/peers/pytorch_step.py all_cnn_c
"""
import argparse
import json
import resource
import time

import torch
from torch import nn

NUM_CLASSES = 10
LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


class ConvStack(nn.Sequential):
    """Convolutions, each followed by batch norm if wanted, and ReLU."""

    def __init__(self, batch_norm, dropout=0.0):
        super().__init__()
        self.channels = 3
        self.batch_norm = batch_norm
        self.dropout_rate = dropout

    def put(self, layer):
        self.add_module(str(len(self)), layer)

    def conv(self, channels, kernel, stride=1, padding=0, normalise=True):
        self.put(nn.Conv2d(self.channels, channels, kernel, stride, padding))
        self.channels = channels
        if self.batch_norm and normalise:
            self.put(nn.BatchNorm2d(channels))
        self.put(nn.ReLU(inplace=True))

    def dropout(self, rate):
        if self.dropout_rate > 0:
            self.put(nn.Dropout(rate))


def all_cnn_c(batch_norm, dropout):
    """All-CNN-C (Springenberg et al. 2015): dropout on the picture and after each stride-2 layer."""
    net = ConvStack(batch_norm, dropout=0.5 if dropout else 0.0)
    net.dropout(0.2)
    for channels in (96, 192):
        net.conv(channels, 3, padding=1)
        net.conv(channels, 3, padding=1)
        net.conv(channels, 3, stride=2, padding=1)
        net.dropout(0.5)
    net.conv(192, 3)
    net.conv(192, 1)
    # With batch norm Weir leaves the last convolution bare; see models/springenberg.cpp.
    if batch_norm:
        net.put(nn.Conv2d(192, NUM_CLASSES, 1))
    else:
        net.conv(NUM_CLASSES, 1)
    return nn.Sequential(net, nn.AdaptiveAvgPool2d(1), nn.Flatten())


def vgg_mini(batch_norm, dropout):
    if dropout:
        raise SystemExit("error: vgg_mini is compared without dropout; leave out --dropout")
    net = ConvStack(batch_norm)
    for channels in (64, 128, 256):
        net.conv(channels, 3, padding=1)
        net.conv(channels, 3, padding=1)
        net.put(nn.MaxPool2d(2))
    return nn.Sequential(net, nn.Flatten(), nn.Linear(256 * 4 * 4, 256), nn.ReLU(inplace=True),
                         nn.Linear(256, NUM_CLASSES))


def lenet5(batch_norm, dropout):
    if dropout:
        raise SystemExit("error: lenet5 is compared without dropout; leave out --dropout")
    net = ConvStack(batch_norm)
    for channels in (6, 16):
        net.conv(channels, 5)
        net.put(nn.MaxPool2d(2))
    return nn.Sequential(net, nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU(inplace=True),
                         nn.Linear(120, 84), nn.ReLU(inplace=True), nn.Linear(84, NUM_CLASSES))


NETS = {"all_cnn_c": all_cnn_c, "vgg_mini": vgg_mini, "lenet5": lenet5}


class TrainingStep:
    """Forward, cross-entropy, backward and one update by SGD with Nesterov momentum."""

    def __init__(self, arguments):
        torch.manual_seed(1)
        layout = LAYOUTS[arguments.layout]
        self.batch = arguments.batch
        self.bf16 = arguments.precision == "bf16"
        net = NETS[arguments.net](arguments.batch_norm, arguments.dropout)
        self.net = net.to(memory_format=layout).train()
        images = torch.randn(arguments.batch, 3, 32, 32)
        self.images = images.to(memory_format=layout)
        self.labels = torch.arange(arguments.batch) % NUM_CLASSES
        # The batch stays the same: a small rate keeps the network from learning it by heart.
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=1e-3, momentum=0.9,
                                         nesterov=True, weight_decay=5e-4)

    def run(self):
        """Returns the loss."""
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16):
            scores = self.net(self.images)
        loss = nn.functional.cross_entropy(scores.float(), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def slice(self, seconds):
        """Images per second over whole steps that last at least `seconds`."""
        steps = 0
        start = time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds or steps == 0:
            self.run()
            steps += 1
        return steps * self.batch / elapsed

    def parameter_count(self):
        return sum(parameter.numel() for parameter in self.net.parameters())


def measure(arguments):
    step = TrainingStep(arguments)
    first_loss = step.run()
    step.slice(arguments.seconds / 5)  # warms up
    rates = [step.slice(arguments.seconds) for _ in range(arguments.slices)]
    return {
        "system": f"PyTorch {torch.__version__}",
        "net": arguments.net,
        "precision": arguments.precision,
        "batch": arguments.batch,
        "threads": torch.get_num_threads(),
        "setting": arguments.layout,
        "batch_norm": arguments.batch_norm,
        "dropout": arguments.dropout,
        "parameters": step.parameter_count(),
        "loss": [first_loss, step.run()],
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "img_per_s": rates,
    }


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("net", choices=NETS)
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--layout", choices=LAYOUTS, default="channels_last",
                        help="memory layout of the activations (channels_last)")
    parser.add_argument("--batch-norm", action="store_true")
    parser.add_argument("--dropout", action="store_true", help="all_cnn_c: as in its paper")
    parser.add_argument("--seconds", type=float, default=2.5, help="length of a slice (2.5)")
    parser.add_argument("--slices", type=int, default=1, help="slices to measure (1)")
    arguments = parser.parse_args()
    if min(arguments.batch, arguments.threads, arguments.slices) < 1:
        parser.error("--batch, --threads and --slices must be at least 1")
    return arguments


def main():
    arguments = parse_arguments()
    torch.set_num_threads(arguments.threads)
    print(json.dumps(measure(arguments)))


if __name__ == "__main__":
    main()
