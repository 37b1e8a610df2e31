// What only a room screen does, beside live.js: stay on, and fit the screen it is on.

import { startAwake } from "./awake.js";
import { startPages } from "./wall_fit.js";

startAwake();
startPages();
