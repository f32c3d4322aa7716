#!/usr/bin/python3
"""Prints the golden numbers of tests/train/optimizer_test.cpp and schedule_test.cpp.

Run with Debian's python3-torch (1.13): /usr/bin/python3 tests/golden/optimizers.py
"""
import torch

torch.set_printoptions(precision=9)
START = {"weight": [0.5, -1.25, 2.0, -0.125, 3.5], "bias": [0.25, -0.75]}


def gradient(name, step, i):
    """A formula that the C++ test repeats: exact in float."""
    sign = 1 if (step + i) % 2 == 0 else -1
    return sign * (0.25 * (i + 1) + 0.125 * step) + (0.5 if name == "bias" else 0.0)


def run(make, steps=4, lrs=(0.1, 0.05, 0.2, 0.1), frozen_bias_steps=0):
    params = {k: torch.nn.Parameter(torch.tensor(v)) for k, v in START.items()}
    optimizer = make(params)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = lrs[step] * group.get("lr_scale", 1)
        for name, p in params.items():
            frozen = name == "bias" and step < frozen_bias_steps
            p.grad = None if frozen else torch.tensor(
                [gradient(name, step, i) for i in range(p.numel())])
        optimizer.step()
    return [float(x) for p in params.values() for x in p.detach()]


def show(title, values):
    print(f"{title}: {{" + ", ".join(f"{v:.9g}" for v in values) + "}")


def sgd(**options):
    return lambda p: torch.optim.SGD(p.values(), lr=0.1, **options)


def split_decay(p):
    return torch.optim.SGD([{"params": [p["weight"]], "weight_decay": 0.1},
                            {"params": [p["bias"]], "weight_decay": 0.0}], lr=0.1, momentum=0.9)


def sgd_groups(p):
    return torch.optim.SGD([{"params": [p["weight"]], "weight_decay": 0.1},
                            {"params": [p["bias"]], "weight_decay": 0.0, "lr_scale": 2.5}],
                           lr=0.1, momentum=0.9)


def adamw(p):
    return torch.optim.AdamW(p.values(), lr=0.1, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)


def adamw_groups(p):
    return torch.optim.AdamW([{"params": [p["weight"]], "lr_scale": 0.5},
                              {"params": [p["bias"]], "weight_decay": 0.3}],
                             lr=0.1, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)


def clip():
    p = [torch.nn.Parameter(torch.zeros(n)) for n in (5, 2)]
    for name, q in zip(START, p):
        q.grad = torch.tensor([gradient(name, 1, i) for i in range(q.numel())])
    norm = torch.nn.utils.clip_grad_norm_(p, 1.5)
    return [float(norm)] + [float(x) for q in p for x in q.grad]


def schedule(make, steps, lr=0.4, epochs=None):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=0.9)
    scheduler = make(optimizer)
    rates, momenta = [], []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        scheduler.step()
    return rates, momenta


show("sgd plain", run(sgd(weight_decay=0.1)))
show("sgd momentum", run(sgd(momentum=0.9, weight_decay=0.01)))
show("sgd nesterov", run(sgd(momentum=0.9, nesterov=True, weight_decay=0.01)))
show("sgd split decay", run(split_decay))
show("sgd groups", run(sgd_groups))
show("sgd, bias frozen for two steps", run(split_decay, frozen_bias_steps=2))
show("adamw", run(adamw))
show("adamw groups", run(adamw_groups))
show("adamw, bias frozen for two steps", run(adamw, frozen_bias_steps=2))
show("clip: norm, gradients", clip())

from torch.optim.lr_scheduler import CosineAnnealingLR, MultiStepLR, OneCycleLR

show("onecycle 20 lr", schedule(lambda o: OneCycleLR(o, 0.4, total_steps=20), 20)[0])
show("onecycle 20 momentum", schedule(lambda o: OneCycleLR(o, 0.4, total_steps=20), 20)[1])
show("onecycle 7, 0.4, 10, 100", schedule(
    lambda o: OneCycleLR(o, 0.4, total_steps=7, pct_start=0.4, div_factor=10,
                         final_div_factor=100), 7)[0])
show("cosine 10 min 0.01", schedule(lambda o: CosineAnnealingLR(o, 10, eta_min=0.01), 10)[0])
show("multistep [2, 3, 3, 7]", schedule(lambda o: MultiStepLR(o, [2, 3, 3, 7], 0.5), 9)[0])
