/** The entry of a thread that measures the trials of a tuning. */
import { answerMeasurements } from './learn/tuning/trialThreads.ts';

answerMeasurements();
