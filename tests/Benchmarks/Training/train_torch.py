"""The peer of bench-train: the same nets, data, batch size, optimizer and threads in PyTorch, written the usual way.

Answers on standard output, one JSON object a line: first {"ready": version}; then, for every line read from
standard input, one epoch is trained and {"seconds": ..., "samples": ..., "loss": ...} is written.
"""
import gzip
import json
import sys
import time

import numpy
import torch
from torch import nn


class Residual(nn.Module):
    """Two normalised convolutions beside a shortcut, as in MLPerf Tiny's resnet8."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1), nn.BatchNorm2d(outputs, 1e-3, 0.01), nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1), nn.BatchNorm2d(outputs, 1e-3, 0.01))
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride) if stride > 1 else nn.Identity()
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.shortcut(x) + self.body(x))


class TextNet(nn.Module):
    """Embedding, LSTM, mean over the tokens that are no padding, linear."""

    def __init__(self, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, 64)
        self.lstm = nn.LSTM(64, 64, batch_first=True)
        self.dense = nn.Linear(64, 2)

    def forward(self, tokens):
        mask = (tokens > 0).float().unsqueeze(2)
        x, _ = self.lstm(self.embedding(tokens))
        return self.dense((x * mask).sum(1) / mask.sum(1).clamp(min=1))


def build(name, vocabulary):
    if name == "convnet":
        return nn.Sequential(
            nn.Conv2d(1, 32, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(inplace=True), nn.Linear(128, 10))
    if name == "mlp":
        return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(inplace=True), nn.Linear(128, 10))
    if name == "resnet8":
        return nn.Sequential(
            nn.Conv2d(1, 16, 3, 1, 1), nn.BatchNorm2d(16, 1e-3, 0.01), nn.ReLU(inplace=True),
            Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    return TextNet(vocabulary)


def load(name, folder, count, length, vocabulary):
    if name == "lstm-text":
        random = numpy.random.default_rng(1)
        return torch.from_numpy(random.integers(1, vocabulary, (count, length))), torch.arange(count) % 2
    with gzip.open(folder + "/train-images-idx3-ubyte.gz") as file:
        pixels = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 1, 28, 28)[:count]
    with gzip.open(folder + "/train-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), numpy.uint8, offset=8)[:count]
    # Normalised once, ahead of the clock: kinder to this side than to the other, which does it while it trains.
    return torch.from_numpy(pixels.astype(numpy.float32) / 255), torch.from_numpy(labels.astype(numpy.int64))


def main():
    name, folder = sys.argv[1], sys.argv[2]
    count, batch, threads, length, vocabulary = (int(text) for text in sys.argv[3:8])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    x, y = load(name, folder, count, length, vocabulary)
    net = build(name, vocabulary)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, foreach=True)
    criterion = nn.CrossEntropyLoss()
    net.train()
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
        print(json.dumps({"seconds": seconds, "samples": len(x), "loss": total / len(x), "accuracy": correct / len(x)}), flush=True)


main()
