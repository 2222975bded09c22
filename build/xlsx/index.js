function unavailable() {
	throw new Error('Perch reads no spreadsheets: export the sheet as CSV.');
}
module.exports = { read: unavailable, readFile: unavailable, utils: { sheet_to_json: unavailable } };
