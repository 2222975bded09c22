/**
 * Datasets get versions: a name counts up with each new content. What runs used before is counted in the order in which
 * it was first used. `columns` and `files` are JSON, as the protocol has them; `plain` says that the files were read as they
 * stand, so that files which did not change hold that version again.
 */
export const migration2 = `
CREATE TABLE dataset_versions (
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	digest TEXT NOT NULL,
	row_count INTEGER NOT NULL,
	source TEXT NOT NULL,
	columns TEXT NOT NULL,
	files TEXT NOT NULL,
	plain INTEGER NOT NULL CHECK (plain IN (0, 1)),
	creation_time INTEGER NOT NULL,
	seen_time INTEGER NOT NULL,
	PRIMARY KEY (name, version),
	UNIQUE (name, digest)
) STRICT;
CREATE INDEX dataset_versions_by_source ON dataset_versions (source);

INSERT INTO dataset_versions
SELECT name, row_number() OVER (PARTITION BY name ORDER BY first, digest), digest,
	coalesce(json_extract(dataset_profile, '$.num_rows'), 0), dataset_source, coalesce(dataset_schema, '[]'), '[]', 0, first, first
FROM (SELECT *, min(creation_time) AS first FROM datasets GROUP BY name, digest);

CREATE TABLE report_datasets (
	report_id TEXT NOT NULL REFERENCES reports,
	role TEXT NOT NULL CHECK (role IN ('reference', 'current')),
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (report_id, role),
	FOREIGN KEY (name, version) REFERENCES dataset_versions
) STRICT, WITHOUT ROWID;
CREATE INDEX report_datasets_by_version ON report_datasets (name, version);
`;
