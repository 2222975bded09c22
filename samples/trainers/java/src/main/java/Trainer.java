import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.tribuo.MutableDataset;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.evaluation.RegressionEvaluator;
import org.tribuo.regression.slm.ElasticNetCDTrainer;
import org.tribuo.regression.slm.SparseLinearModel;

/**
 * Trains a linear model of Tribuo (elastic net) on the rows that Perch prepared, and leaves it as ONNX.
 * Perch says by environment variables where things are; a line of JSON on stdout is a figure, any other line is the log.
 */
public final class Trainer {
	private static final double STRENGTH = 0.01;
	private static final double L1_RATIO = 0.5;

	public static void main(String[] arguments) throws Exception {
		var target = System.getenv("PERCH_TARGET");
		var factory = new RegressionFactory();
		var source = new SimpleDataSourceProvenance("prepared by Perch", factory);
		var data = new MutableDataset<Regressor>(source, factory);
		try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
				var query = connection.prepareStatement("SELECT * FROM read_parquet(?)")) {
			query.setString(1, System.getenv("PERCH_TRAIN"));
			try (ResultSet rows = query.executeQuery()) {
				read(rows, target, data);
			}
		}
		System.out.println(data.size() + " rows of " + data.getFeatureMap().size() + " features");
		var model = (SparseLinearModel) new ElasticNetCDTrainer(STRENGTH, L1_RATIO).train(data);
		var error = new RegressionEvaluator().evaluate(model, data).averageRMSE();
		System.out.println("{\"tribuo_training_rmse\": " + error + ", \"message\": \"Trained\"}");
		Files.writeString(Path.of(System.getenv("PERCH_ARTIFACTS"), "provenance.txt"), model.getProvenance().toString());
		model.saveONNXModel("samples.trainer", 1, Path.of(System.getenv("PERCH_MODEL")));
	}

	private static void read(ResultSet rows, String target, MutableDataset<Regressor> data) throws Exception {
		var columns = rows.getMetaData();
		List<Integer> features = new ArrayList<>();
		int targetAt = 0;
		for (int column = 1; column <= columns.getColumnCount(); column++) {
			if (columns.getColumnName(column).equals(target)) targetAt = column;
			else features.add(column);
		}
		// Tribuo orders features by name, and the graph must take them in the order of the columns.
		var names = new String[features.size()];
		for (int at = 0; at < names.length; at++) names[at] = String.format("%06d", at);
		while (rows.next()) {
			var values = new double[names.length];
			for (int at = 0; at < values.length; at++) values[at] = rows.getDouble(features.get(at));
			data.add(new ArrayExample<>(new Regressor(target, rows.getDouble(targetAt)), names, values));
		}
	}
}
