/** What each kept report says of each column, so that a column can be followed over reports. `drift` is null where it could not be told. */
export const migration3 = `
CREATE TABLE report_columns (
	report_id TEXT NOT NULL REFERENCES reports ON DELETE CASCADE,
	name TEXT NOT NULL,
	place INTEGER NOT NULL,
	drift INTEGER CHECK (drift IN (0, 1)),
	score REAL,
	threshold REAL,
	psi REAL,
	PRIMARY KEY (report_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX reports_by_project ON reports (project, creation_time);
CREATE INDEX reports_by_deployment ON reports (deployment, creation_time);
`;
