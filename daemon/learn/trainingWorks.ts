/** What threads of a team may be asked to do in training. */
import type { Work } from '../kernels/team.ts';
import { isolationScoreWork } from './isolation/isolationScore.ts';
import { binWork, cutWork } from './trees/binnedMatrix.ts';
import { boostingWork } from './trees/boostingWork.ts';
import { forestWork } from './trees/randomForest.ts';

export const trainingWorks: readonly Work<never, unknown>[] = [
	isolationScoreWork,
	cutWork,
	binWork,
	forestWork,
	boostingWork,
];
