/** What panels ask for that show a kept HTML file. */

import * as z from 'zod/mini';
import { done, request } from './message.ts';

/** Webview to extension: opens the kept HTML file in the browser. */
export const openInBrowser = request('openInBrowser', z.object({}), done);

/** Webview to extension: asks where, and writes the HTML file there; null when the user changed their mind. */
export const saveAs = request('saveAs', z.object({}), z.object({ path: z.nullable(z.string()) }));
