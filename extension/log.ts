/** The output channel `Perch`; which levels it keeps is chosen in VS Code. */
import type { LogOutputChannel } from 'vscode';

export type Log = LogOutputChannel;
