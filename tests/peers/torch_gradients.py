"""Gradients of random networks by PyTorch's autograd. Usage: torch_gradients.py FILE

FILE holds one JSON document a line: layers with their weights, inputs, and the direction d of L = sum(d * output). For each line one JSON
line is printed: the gradient of every parameter tensor in the order they came, then the gradient of the inputs. Float32 throughout."""
import json
import sys

import torch
from torch import nn

torch.set_num_threads(1)


def tensor(values, *shape):
    return torch.tensor(values, dtype=torch.float32).reshape(*shape)


def fast_tanh(x):
    c = torch.clamp(x, -3, 3)
    return c * (27 + c * c) / (27 + 9 * c * c)


ACTIVATIONS = {
    "Identity": lambda x: x,
    "Relu": torch.relu,
    "LeakyRelu": lambda x: nn.functional.leaky_relu(x, 0.01),
    "FastTanh": fast_tanh,
}


def perceptron(case):
    parameters, x = [], tensor(case["input"], case["batch"], case["layers"][0]["inputs"]).requires_grad_()
    y = x
    for layer in case["layers"]:
        w = tensor(layer["weight"], layer["outputs"], layer["inputs"]).requires_grad_()
        b = tensor(layer["bias"], layer["outputs"]).requires_grad_()
        parameters += [w, b]
        y = nn.functional.linear(y, w, b)
        if layer["normalisation"] == "Plain":
            y = nn.functional.layer_norm(y, (layer["outputs"],))
        elif layer["normalisation"] == "Affine":
            gain = tensor(layer["gain"], layer["outputs"]).requires_grad_()
            shift = tensor(layer["shift"], layer["outputs"]).requires_grad_()
            parameters += [gain, shift]
            y = nn.functional.layer_norm(y, (layer["outputs"],), gain, shift)
        y = ACTIVATIONS[layer["activation"]](y)
    return parameters, x, y


def recurrent(case):
    units, inputs, batch, steps = case["units"], case["inputs"], case["batch"], case["steps"]
    gru = nn.GRU(inputs, units)
    parameters = [gru.weight_ih_l0, gru.weight_hh_l0, gru.bias_ih_l0, gru.bias_hh_l0]
    with torch.no_grad():
        for p, name in zip(parameters, ("wi", "wh", "bi", "bh")):
            p.copy_(tensor(case[name], *p.shape))
    x = tensor(case["input"], steps, batch, inputs).requires_grad_()
    return parameters, x, gru(x)[0]


for line in open(sys.argv[1], encoding="ascii"):
    case = json.loads(line)
    parameters, x, y = recurrent(case) if case["kind"] == "gru" else perceptron(case)
    (y * tensor(case["direction"], *y.shape)).sum().backward()
    print(json.dumps([p.grad.flatten().tolist() for p in (*parameters, x)]))
