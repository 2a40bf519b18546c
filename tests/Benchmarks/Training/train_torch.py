"""The peer of bench-train: the same net, data, batch size, optimizer and threads in PyTorch, written the usual way.

Answers on standard output, one JSON object a line: first {"ready": version}; then, for every line read from
standard input, one epoch is trained and {"seconds": ..., "images": ..., "loss": ...} is written.
"""
import gzip
import json
import sys
import time

import numpy
import torch
from torch import nn


def main():
    folder, images_wanted, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with gzip.open(folder + "/train-images-idx3-ubyte.gz") as file:
        pixels = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 1, 28, 28)[:images_wanted]
    with gzip.open(folder + "/train-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8)[:images_wanted]
    # Normalised once, ahead of the clock: kinder to this side than to the other, which does it while it trains.
    x = torch.from_numpy(pixels.astype(numpy.float32) / 255)
    y = torch.from_numpy(labels.astype(numpy.int64))
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, 10))
    # The other side's initial weights are drawn so; the losses can then be compared too.
    for layer in net:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    nn.init.xavier_uniform_(net[-1].weight)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, foreach=True)
    criterion = nn.CrossEntropyLoss()
    print(json.dumps({"ready": torch.__version__}), flush=True)
    for _ in sys.stdin:
        begin = time.perf_counter()
        order = torch.randperm(len(x))
        total, correct = 0.0, 0
        for start in range(0, len(x), batch):
            chosen = order[start:start + batch]
            bx, by = x[chosen], y[chosen]
            optimizer.zero_grad(set_to_none=True)
            logits = net(bx)
            loss = criterion(logits, by)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(bx)
            correct += (logits.argmax(1) == by).sum().item()
        seconds = time.perf_counter() - begin
        print(json.dumps({"seconds": seconds, "images": len(x), "loss": total / len(x), "accuracy": correct / len(x)}), flush=True)


main()
