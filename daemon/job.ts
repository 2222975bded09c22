/** The entry of a job process: one piece of work, named by its kind. */
import { runJob } from './jobs/runJob.ts';
import { compactWork } from './pipeline/work/compact.ts';
import { describeWork } from './pipeline/work/describe.ts';
import { driftWork } from './pipeline/work/drift.ts';
import { groupsWork } from './pipeline/work/groups.ts';
import { importWork } from './pipeline/work/importModel.ts';
import { initWork } from './pipeline/work/init.ts';
import { logsWork } from './pipeline/work/logs.ts';
import { predictWork } from './pipeline/work/predict.ts';
import { simulateCanaryWork } from './pipeline/work/simulateCanary.ts';
import { simulateDataWork } from './pipeline/work/simulateData.ts';
import { simulateLoadWork } from './pipeline/work/simulateLoad.ts';
import { trainWork } from './pipeline/work/train.ts';

runJob({
	compact: compactWork,
	describe: describeWork,
	drift: driftWork,
	groups: groupsWork,
	import: importWork,
	init: initWork,
	logs: logsWork,
	predict: predictWork,
	'simulate-canary': simulateCanaryWork,
	'simulate-data': simulateDataWork,
	'simulate-load': simulateLoadWork,
	train: trainWork,
});
