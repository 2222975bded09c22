"""Asks plain onnxruntime what models say of the rows of a CSV file, as anybody would who has the files and no Perch."""

import csv
import json
import math
import sys

import numpy as np
import onnxruntime

words = {"true": 1.0, "false": 0.0, "": math.nan}


def number(cell):
    return words[cell.lower()] if cell.lower() in words else float(cell)


def column(name, kind, rows):
    cells = [row[name] for row in rows]
    if "string" in kind:
        return np.array(cells, dtype=object).reshape(-1, 1)
    with np.errstate(over="ignore"):
        values = np.array([number(cell) for cell in cells])
        return values.astype(np.float64 if "double" in kind else np.float32).reshape(-1, 1)


def answers(model, rows):
    session = onnxruntime.InferenceSession(model)
    fed = {one.name: column(one.name, one.type, rows) for one in session.get_inputs()}
    said = dict(zip([one.name for one in session.get_outputs()], session.run(None, fed)))
    return {name: values.tolist() for name, values in said.items() if values.ndim == 1}


with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)
with open(given["data"], encoding="utf-8", newline="") as file:
    table = list(csv.DictReader(file))
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump([answers(model, table) for model in given["models"]], file)
