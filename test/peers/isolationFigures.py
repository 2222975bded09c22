"""What scikit-learn's isolation forest says of the sets of ADBench: their rows, and the area under the ROC curve by seed."""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)
answers = []
for path in sorted(Path(given["folder"]).glob("*.npz")):
    with np.load(path) as arrays:
        rows, labels = arrays["X"].astype(np.float32), arrays["y"].ravel().astype(int)
    found = []
    for seed in given["seeds"]:
        forest = IsolationForest(n_estimators=100, max_samples=256, random_state=seed).fit(rows)
        found.append(roc_auc_score(labels, -forest.score_samples(rows)))
    answers.append({"set": path.stem, "columns": rows.T.tolist(), "labels": labels.tolist(), "areas": found})
with open(sys.argv[2], "w", encoding="utf-8") as file:
    json.dump(answers, file)
