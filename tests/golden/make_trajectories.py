"""Makes trajectories.json: ten training steps of LeNet-5, VGG-mini and All-CNN-C by PyTorch, in
double and in single precision, and ten of VGG-mini whose features are frozen for the first five.
Weights and pictures come from philox.py, as in the test.

    python3 tests/golden/make_trajectories.py

The difference between PyTorch's own two precisions is the yardstick of the test's tolerance.
"""
import json
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from philox import uniform

SEED, BATCH, STEPS = 11, 40, 10
HEAD_LR_SCALE = 3


def conv(c, k, kernel, padding=0, stride=1, norm=False):
    layers = [nn.Conv2d(c, k, kernel, stride=stride, padding=padding)]
    return layers + ([nn.BatchNorm2d(k)] if norm else []) + [nn.ReLU()]


def net(features, classifier):
    model = nn.Module()
    model.features, model.classifier = nn.Sequential(*features), nn.Sequential(*classifier)
    model.forward = lambda x: model.classifier(model.features(x))
    return model


def lenet5():
    features = [*conv(3, 6, 5), nn.MaxPool2d(2), *conv(6, 16, 5), nn.MaxPool2d(2)]
    return net(features, [nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84),
                          nn.ReLU(), nn.Linear(84, 10)])


def vgg_mini():
    features, c = [], 3
    for k in (64, 128, 256):
        features += [*conv(c, k, 3, 1, norm=True), *conv(k, k, 3, 1, norm=True), nn.MaxPool2d(2)]
        c = k
    return net(features, [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 10)])


def all_cnn_c():
    features, c = [], 3
    for k in (96, 192):
        features += [*conv(c, k, 3, 1), *conv(k, k, 3, 1), *conv(k, k, 3, 1, stride=2)]
        c = k
    features += [*conv(192, 192, 3), *conv(192, 192, 1), *conv(192, 10, 1)]
    return net(features, [nn.AdaptiveAvgPool2d(1), nn.Flatten()])


def fill(model):
    for index, (name, p) in enumerate(model.named_parameters()):
        fan_in = p[0].numel()
        if p.dim() > 1:
            bound = float(np.float32(np.sqrt(6.0 / fan_in)))
            values = uniform(p.numel(), SEED, 100 + index, -bound, bound)
        else:
            values = uniform(p.numel(), SEED, 100 + index, -0.1, 0.1)
            if name.endswith("weight"):  # the scale of batch norm
                values = values + np.float32(1)
        p.data.copy_(torch.tensor(values).reshape(p.shape))


def freeze(features, frozen):
    features.requires_grad_(not frozen)
    features.train(not frozen)  # batch norm: the running statistics


def groups(model, lr, finetunes):
    if not finetunes:
        return model.parameters()
    return [{"params": model.features.parameters()},
            {"params": model.classifier.parameters(), "lr": lr * HEAD_LR_SCALE,
             "weight_decay": 0.0}]


def train(build, lr, dtype, frozen_steps=0):
    model = build()
    fill(model)
    model = model.to(dtype)
    optimizer = torch.optim.SGD(groups(model, lr, frozen_steps > 0), lr=lr, momentum=0.9,
                                nesterov=True, weight_decay=5e-4)
    result = {"losses": [], "gradients": {}}
    for step in range(STEPS):
        if frozen_steps > 0:
            freeze(model.features, step < frozen_steps)
        x = torch.tensor(uniform(BATCH * 3072, SEED, 1000 + step, -1, 1)).reshape(BATCH, 3, 32, 32)
        labels = torch.tensor([(7 * i + step) % 10 for i in range(BATCH)])
        loss = F.cross_entropy(model(x.to(dtype)), labels)
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            for name, p in model.named_parameters():
                if p.grad is not None:
                    result["gradients"][name] = p.grad.double().norm().item()
        optimizer.step()
        result["losses"].append(loss.item())
    result["weights"] = {n: p.data.double().norm().item() for n, p in model.named_parameters()}
    return result


if __name__ == "__main__":
    golden = {"seed": SEED, "batch": BATCH, "nets": {}}
    for name, build, lr, frozen_steps in (("lenet5", lenet5, 0.01, 0),
                                          ("vgg_mini", vgg_mini, 0.01, 0),
                                          ("all_cnn_c", all_cnn_c, 0.002, 0),
                                          ("vgg_mini_finetuned", vgg_mini, 0.003, 5)):
        golden["nets"][name] = {"lr": lr, "float64": train(build, lr, torch.float64, frozen_steps),
                                "float32": train(build, lr, torch.float32, frozen_steps)}
        print(name, golden["nets"][name]["float64"]["losses"])
        print(name, golden["nets"][name]["float32"]["losses"])
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "trajectories.json")
    with open(path, "w") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")
