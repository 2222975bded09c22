/** What threads of a team may be asked to do in training. */
import type { Work } from '../kernels/team.ts';
import { isolationScoreWork } from './isolation/isolationScore.ts';

export const trainingWorks: readonly Work<never, unknown>[] = [isolationScoreWork];
