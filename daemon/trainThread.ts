/** The entry of a thread that helps a job to train. */
import { joinTeam } from './kernels/team.ts';
import { trainingWorks } from './learn/trainingWorks.ts';

joinTeam(trainingWorks);
