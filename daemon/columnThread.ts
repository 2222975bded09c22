/** The entry of a thread that a job does columns in. */
import { answerColumnTasks } from './pipeline/work/columnThreads.ts';

answerColumnTasks();
