"""Evidently on the files of bench/drift.ts: from Parquet to HTML and JSON, seconds of each repeat and the peak of its memory."""

import json
import resource
import sys
import time

import pandas
from evidently import Report
from evidently.presets import DataDriftPreset

with open(sys.argv[1]) as file:
    asked = json.load(file)

times = []
for _ in range(asked["repeats"]):
    start = time.perf_counter()
    reference, current = (pandas.read_parquet(asked[side]) for side in ("reference", "current"))
    snapshot = Report([DataDriftPreset()]).run(current, reference)
    snapshot.save_html(asked["html"])
    with open(asked["json"], "w") as file:
        file.write(snapshot.json())
    times.append((time.perf_counter() - start) * 1000)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

with open(sys.argv[2], "w") as file:
    json.dump({"times": times, "memory": memory}, file)
