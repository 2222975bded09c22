/** Stands in for the logger that VS Code builds with a compiler: without it every output channel of the window stays empty. */
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical', 'off'];
let common = 2;

class Logger {
	constructor(_type, _name, file) {
		this.file = file;
		this.level = common;
		this.plain = false;
	}
	write(level, message) {
		if (level < this.level) return;
		const stamp = new Date().toISOString().replace('T', ' ').replace('Z', '');
		appendFileSync(this.file, this.plain ? message : `${stamp} [${levels[level]}] ${message}\n`);
	}
	getLevel() {
		return this.level;
	}
	setLevel(level) {
		this.level = level;
	}
	clearFormatters() {
		this.plain = true;
	}
	setPattern() {}
	flush() {}
	drop() {}
}
for (const [level, name] of levels.entries()) {
	Logger.prototype[name] = function (message) {
		this.write(level, message);
	};
}

async function create(name, file) {
	mkdirSync(dirname(file), { recursive: true });
	return new Logger('rotating', name, file);
}

exports.version = 1;
exports.Logger = Logger;
exports.setLevel = (level) => {
	common = level;
};
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
