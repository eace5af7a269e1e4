/** The parts of a channel's dashboard that show charts, loaded with the first of them. */

import "./broadcast-report.js";
import "./channel-analytics.js";
