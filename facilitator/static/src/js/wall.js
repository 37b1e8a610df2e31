// What only a room screen does, beside live.js: fit the screen it is on.

import { startPages } from "./pages_of_wall.js";

startPages();
