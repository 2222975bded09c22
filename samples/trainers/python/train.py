"""Trains gradient boosting of scikit-learn on the rows that Perch prepared, and leaves it as ONNX.

Perch says by environment variables where things are; a line of JSON on stdout is a figure, any other line is the log.
"""
import json
import os

import pyarrow.parquet as parquet
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor

params = {"n_estimators": 100, "max_depth": 3, **json.loads(os.environ["PERCH_PARAMS"])}
rows = parquet.read_table(os.environ["PERCH_TRAIN"]).to_pandas()
target = rows.pop(os.environ["PERCH_TARGET"])
classes = json.loads(os.environ["PERCH_CLASSES"])
print(f"{len(rows)} rows of {rows.shape[1]} features")

kind = GradientBoostingClassifier if classes else GradientBoostingRegressor
model = kind(random_state=7, **params)
model.fit(rows.to_numpy("float32"), target)
for step, loss in enumerate(model.train_score_, start=1):
    print(json.dumps({"step": step, "training_loss": loss, "progress": step / len(model.train_score_)}))
print(json.dumps({"features_used": int((model.feature_importances_ > 0).sum())}))

with open(os.path.join(os.environ["PERCH_ARTIFACTS"], "importance.json"), "w", encoding="utf-8") as file:
    json.dump(dict(zip(rows.columns, model.feature_importances_.round(4))), file, indent=1)

shape = [("features", FloatTensorType([None, rows.shape[1]]))]
onnx = to_onnx(model, initial_types=shape, options={"zipmap": False} if classes else None, target_opset=17)
with open(os.environ["PERCH_MODEL"], "wb") as file:
    file.write(onnx.SerializeToString())
