/**
 * The first catalog. Tables and columns that MLflow knows are named as in its database (2.x, `tests/db/schemas`), so
 * that its API can be served from them; primary keys start with the run, since rows are read by run. Columns below a
 * `-- perch` line are ours. Times are milliseconds since 1970.
 */
export const migration1 = `
CREATE TABLE experiments (
	experiment_id INTEGER PRIMARY KEY AUTOINCREMENT,
	name TEXT NOT NULL UNIQUE,
	artifact_location TEXT,
	lifecycle_stage TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle_stage IN ('active', 'deleted')),
	creation_time INTEGER NOT NULL,
	last_update_time INTEGER NOT NULL
) STRICT;
INSERT INTO experiments (experiment_id, name, creation_time, last_update_time) VALUES (0, 'Default', 0, 0);

CREATE TABLE experiment_tags (
	experiment_id INTEGER NOT NULL REFERENCES experiments,
	key TEXT NOT NULL,
	value TEXT,
	PRIMARY KEY (experiment_id, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
	run_uuid TEXT PRIMARY KEY,
	name TEXT NOT NULL,
	source_type TEXT NOT NULL,
	source_name TEXT,
	user_id TEXT,
	status TEXT NOT NULL CHECK (status IN ('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED')),
	start_time INTEGER NOT NULL,
	end_time INTEGER,
	deleted_time INTEGER,
	lifecycle_stage TEXT NOT NULL DEFAULT 'active' CHECK (lifecycle_stage IN ('active', 'deleted')),
	artifact_uri TEXT,
	experiment_id INTEGER NOT NULL REFERENCES experiments,
	-- perch
	environment TEXT NOT NULL DEFAULT '{}',
	warnings TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE INDEX runs_by_experiment ON runs (experiment_id, start_time);
CREATE INDEX runs_by_start ON runs (start_time);
CREATE INDEX runs_by_name ON runs (name);
CREATE INDEX runs_open ON runs (status) WHERE status IN ('RUNNING', 'SCHEDULED');

CREATE TABLE params (
	run_uuid TEXT NOT NULL REFERENCES runs,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (run_uuid, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
	run_uuid TEXT NOT NULL REFERENCES runs,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (run_uuid, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE metrics (
	run_uuid TEXT NOT NULL REFERENCES runs,
	key TEXT NOT NULL,
	step INTEGER NOT NULL DEFAULT 0,
	timestamp INTEGER NOT NULL,
	value REAL NOT NULL,
	is_nan INTEGER NOT NULL DEFAULT 0 CHECK (is_nan IN (0, 1)),
	PRIMARY KEY (run_uuid, key, step, timestamp, value, is_nan)
) STRICT, WITHOUT ROWID;

CREATE TABLE latest_metrics (
	run_uuid TEXT NOT NULL REFERENCES runs,
	key TEXT NOT NULL,
	step INTEGER NOT NULL,
	timestamp INTEGER NOT NULL,
	value REAL NOT NULL,
	is_nan INTEGER NOT NULL,
	PRIMARY KEY (run_uuid, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE datasets (
	dataset_uuid TEXT NOT NULL UNIQUE,
	experiment_id INTEGER NOT NULL REFERENCES experiments,
	name TEXT NOT NULL,
	digest TEXT NOT NULL,
	dataset_source_type TEXT NOT NULL,
	dataset_source TEXT NOT NULL,
	dataset_schema TEXT,
	dataset_profile TEXT,
	-- perch
	creation_time INTEGER NOT NULL,
	PRIMARY KEY (experiment_id, name, digest)
) STRICT;

CREATE TABLE inputs (
	input_uuid TEXT NOT NULL UNIQUE,
	source_type TEXT NOT NULL,
	source_id TEXT NOT NULL,
	destination_type TEXT NOT NULL,
	destination_id TEXT NOT NULL,
	PRIMARY KEY (source_type, source_id, destination_type, destination_id)
) STRICT;
CREATE INDEX inputs_by_destination ON inputs (destination_id, destination_type);

CREATE TABLE input_tags (
	input_uuid TEXT NOT NULL REFERENCES inputs (input_uuid),
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (input_uuid, name)
) STRICT, WITHOUT ROWID;

-- perch: the files of a run, kept in artifacts/ under their sha256
CREATE TABLE artifacts (
	run_uuid TEXT NOT NULL REFERENCES runs,
	path TEXT NOT NULL,
	sha256 TEXT NOT NULL,
	size INTEGER NOT NULL,
	PRIMARY KEY (run_uuid, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE registered_models (
	name TEXT PRIMARY KEY,
	creation_time INTEGER NOT NULL,
	last_updated_time INTEGER NOT NULL,
	description TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE registered_model_tags (
	name TEXT NOT NULL REFERENCES registered_models ON UPDATE CASCADE,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE model_versions (
	name TEXT NOT NULL REFERENCES registered_models ON UPDATE CASCADE,
	version INTEGER NOT NULL,
	creation_time INTEGER NOT NULL,
	last_updated_time INTEGER NOT NULL,
	description TEXT NOT NULL DEFAULT '',
	user_id TEXT,
	source TEXT NOT NULL,
	run_id TEXT REFERENCES runs (run_uuid),
	-- perch: ready and archived are MLflow's READY, failed its FAILED_REGISTRATION
	status TEXT NOT NULL CHECK (status IN ('ready', 'archived', 'failed')),
	origin TEXT NOT NULL CHECK (origin IN ('training', 'import')),
	sha256 TEXT NOT NULL,
	size INTEGER NOT NULL,
	task TEXT NOT NULL,
	main_metric TEXT,
	PRIMARY KEY (name, version)
) STRICT;
CREATE INDEX model_versions_by_run ON model_versions (run_id);

CREATE TABLE model_version_tags (
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name, version, key),
	FOREIGN KEY (name, version) REFERENCES model_versions ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE registered_model_aliases (
	name TEXT NOT NULL,
	alias TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (name, alias),
	FOREIGN KEY (name, version) REFERENCES model_versions ON UPDATE CASCADE
) STRICT, WITHOUT ROWID;

-- What follows is not MLflow's.
CREATE TABLE deployments (
	name TEXT PRIMARY KEY,
	config TEXT NOT NULL,
	desired TEXT NOT NULL CHECK (desired IN ('serving', 'stopped')),
	creation_time INTEGER NOT NULL,
	last_updated_time INTEGER NOT NULL
) STRICT;

CREATE TABLE reports (
	id TEXT PRIMARY KEY,
	creation_time INTEGER NOT NULL,
	project TEXT,
	deployment TEXT,
	summary TEXT NOT NULL,
	json_path TEXT NOT NULL,
	html_path TEXT NOT NULL
) STRICT;
CREATE INDEX reports_by_time ON reports (creation_time);

CREATE TABLE settings (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
	seq INTEGER PRIMARY KEY AUTOINCREMENT,
	timestamp INTEGER NOT NULL,
	actor TEXT NOT NULL,
	event TEXT NOT NULL,
	subject TEXT NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	prev_hash TEXT NOT NULL,
	hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, seq);
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_keeps_values BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
`;
