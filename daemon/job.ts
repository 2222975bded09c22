/** The entry of a job process: one piece of work, named by its kind. */
import { isMainThread } from 'node:worker_threads';
import { repeatInThread } from './canary/simulationThreads.ts';
import { runJob } from './jobs/runJob.ts';
import { cardWork } from './pipeline/work/card.ts';
import { checkWork, inferChecksWork } from './pipeline/work/check.ts';
import { describeWork } from './pipeline/work/describe.ts';
import { driftWork } from './pipeline/work/drift.ts';
import { explainRowsWork } from './pipeline/work/explainRows.ts';
import { groupsWork } from './pipeline/work/groups.ts';
import { importWork, trialWork } from './pipeline/work/importModel.ts';
import { initWork } from './pipeline/work/init.ts';
import { predictWork } from './pipeline/work/predict.ts';
import { profileWork } from './pipeline/work/profile.ts';
import { compactWork, logsWork } from './pipeline/work/requestLog.ts';
import { prepareTwins, simulateCanaryWork } from './pipeline/work/simulateCanary.ts';
import { simulateDataWork } from './pipeline/work/simulateData.ts';
import { simulateLoadWork } from './pipeline/work/simulateLoad.ts';
import { tableWork } from './pipeline/work/table.ts';
import { trainWork } from './pipeline/work/train.ts';

const work = {
	card: cardWork,
	check: checkWork,
	'infer-checks': inferChecksWork,
	compact: compactWork,
	describe: describeWork,
	drift: driftWork,
	'explain-rows': explainRowsWork,
	groups: groupsWork,
	import: importWork,
	init: initWork,
	logs: logsWork,
	predict: predictWork,
	profile: profileWork,
	'simulate-canary': simulateCanaryWork,
	'simulate-data': simulateDataWork,
	'simulate-load': simulateLoadWork,
	...tableWork(),
	train: trainWork,
	trial: trialWork,
};

// The threads of a simulation are started from this same file.
if (isMainThread) runJob(work);
else repeatInThread(prepareTwins);
