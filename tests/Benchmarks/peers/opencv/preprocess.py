# OpenCV's resize and blobFromImage, 1920 × 1080 letterboxed to 640 × 640 float32 planes.
# preprocess.py RUNS: prints one line of JSON with the milliseconds of every run.
import json
import sys
import time

import cv2
import numpy

image = numpy.random.default_rng(1).integers(0, 256, (1080, 1920, 3), numpy.uint8)
cv2.setNumThreads(int(sys.argv[2]))
times = []
for run in range(int(sys.argv[1])):
    start = time.perf_counter()
    small = cv2.resize(image, (640, 360), interpolation=cv2.INTER_LINEAR)
    padded = cv2.copyMakeBorder(small, 140, 140, 0, 0, cv2.BORDER_CONSTANT, value=(114, 114, 114))
    blob = cv2.dnn.blobFromImage(padded, 1 / 255, swapRB=True)
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"milliseconds": times, "version": cv2.__version__}))
