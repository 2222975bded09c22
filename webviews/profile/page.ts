/** A profile as an HTML file of its own: reads the JSON that lies in the page. */
import '../components/perch.css';
import '../report/report.css';
import '../report/details.css';
import '../report/page.css';
import './profile.css';
import type { ProfileReport } from '../../daemon/protocol/profile.ts';
import { showInlined } from '../report/inlined.ts';
import { createProfile } from './profile.ts';

showInlined<ProfileReport>(createProfile);
