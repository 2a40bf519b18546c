# YOLOX with OpenCV's DNN module, as its samples show it.
# detect.py MODEL FOLDER FRAMES: prints "first" at the first result, then one line of JSON.
import glob
import json
import resource
import sys
import time

import cv2
import numpy

SIZE, THRESHOLD, OVERLAP = 416, 0.3, 0.45


def detect(net, file, grid, strides):
    image = cv2.imread(file)
    scale = min(SIZE / image.shape[1], SIZE / image.shape[0])
    small = cv2.resize(image, (round(image.shape[1] * scale), round(image.shape[0] * scale)), interpolation=cv2.INTER_LINEAR)
    padded = numpy.full((SIZE, SIZE, 3), 114, numpy.uint8)
    padded[: small.shape[0], : small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(padded))
    output = net.forward()[0]
    scores = output[:, 4:5] * output[:, 5:]
    classes = scores.argmax(1)
    best = scores[numpy.arange(len(scores)), classes]
    keep = best >= THRESHOLD
    output, classes, best = output[keep], classes[keep], best[keep]
    center = (output[:, :2] + grid[keep]) * strides[keep]
    size = numpy.exp(output[:, 2:4]) * strides[keep]
    boxes = numpy.concatenate([(center - size / 2) / scale, size / scale], 1)
    # Boxes of different classes never overlap when each class has a place of its own.
    apart = boxes.copy()
    apart[:, :2] += classes[:, None] * 10000.0
    return [(boxes[i], classes[i], best[i]) for i in numpy.array(cv2.dnn.NMSBoxes(apart.tolist(), best.tolist(), THRESHOLD, OVERLAP)).flatten()]


def main():
    model, folder, frames = sys.argv[1], sys.argv[2], int(sys.argv[3])
    files = sorted(glob.glob(folder + "/*.jpg"))
    net = cv2.dnn.readNetFromONNX(model)
    grids, strides = [], []
    for stride in (8, 16, 32):
        side = SIZE // stride
        ys, xs = numpy.mgrid[:side, :side]
        grids.append(numpy.stack([xs.flatten(), ys.flatten()], 1))
        strides.append(numpy.full((side * side, 1), stride))
    grid, strides = numpy.concatenate(grids), numpy.concatenate(strides)
    print("first", len(detect(net, files[0], grid, strides)), flush=True)
    start = time.perf_counter()
    boxes = sum(len(detect(net, files[i % len(files)], grid, strides)) for i in range(frames))
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "fps": frames / seconds, "peakRssMB": usage.ru_maxrss * 1024 / 1e6, "boxes": boxes,
        "cpuSeconds": usage.ru_utime + usage.ru_stime, "versions": f"OpenCV {cv2.__version__}, {cv2.getNumThreads()} threads",
    }))


main()
