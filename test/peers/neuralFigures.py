"""What Keras learns from the same rows with the same net: losses, and the milliseconds of its epochs."""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np


class Clock(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.times = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.times.append((time.perf_counter() - self.start) * 1000)


def learn(model, x, y, case, validation=None):
    model.compile(keras.optimizers.Adam(case["learning_rate"]), "mse")
    best = keras.callbacks.EarlyStopping(patience=10_000, restore_best_weights=True)
    clock = Clock()
    model.fit(
        x,
        y,
        batch_size=case["batch"],
        epochs=case["epochs"],
        verbose=0,
        validation_data=validation,
        callbacks=[clock] if validation is None else [clock, best],
    )
    return clock.times


def autoencoder(case):
    rows = np.asarray(case["rows"], dtype=np.float32).reshape(-1, case["features"])
    train, validation = rows[: case["train"]], rows[case["train"] :]
    layers = [keras.layers.Dense(width, "tanh") for width in case["hidden"]]
    model = keras.Sequential([keras.layers.Input((case["features"],)), *layers, keras.layers.Dense(case["features"])])
    check = None if len(validation) == 0 else (validation, validation)
    times = learn(model, train, train, case, check)
    return {"times": times, "loss": None if check is None else float(model.evaluate(*check, verbose=0))}


def lstm(case):
    """Windows of a series as distances from their last row, and the change that follows."""
    values = np.asarray(case["values"], dtype=np.float32).reshape(-1, case["channels"])

    def windows(starts):
        rows = values[np.asarray(starts)[:, None] + np.arange(case["steps"])]
        last = rows[:, -1:, :]
        after = values[np.asarray(starts) + case["steps"]]
        return (rows - last) * case["reach"], (after - last[:, 0, :]) / case["spread"]

    model = keras.Sequential(
        [
            keras.layers.Input((case["steps"], case["channels"])),
            keras.layers.LSTM(case["units"]),
            keras.layers.Dense(case["channels"]),
        ]
    )
    check = windows(case["validation"]) if case["validation"] else None
    times = learn(model, *windows(case["train"]), case, check)
    if not case["test"]:
        return {"times": times, "loss": None}
    x, y = windows(case["test"])
    return {"times": times, "loss": float(np.mean((model.predict(x, verbose=0) - y) ** 2))}


kinds = {"autoencoder": autoencoder, "lstm": lstm}
with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)
answers = []
for case in given:
    keras.utils.set_random_seed(case["seed"])
    answers.append(kinds[case["kind"]](case))
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(answers, file)
