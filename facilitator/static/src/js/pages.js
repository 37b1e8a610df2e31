// What ordinary pages do by themselves. All of them work without it.

import { startArchive } from "./archive.js";
import { startCopying } from "./copying.js";
import { startDialogs } from "./dialog.js";
import { startSecond } from "./shared_phone.js";
import { startHints } from "./hints.js";
import { startDoubleTap } from "./double_tap.js";
import { startPairing } from "./pairing.js";
import { startPieces } from "./pieces.js";
import { startPrinting } from "./printing.js";
import { startPreviews } from "./previews.js";
import { startSimilar } from "./similar.js";
import { sweep } from "./storage.js";
import { startText } from "./text.js";
import { startTheme } from "./theme.js";

sweep();
startTheme();
startCopying();
startDialogs();
startHints();
startDoubleTap();
startPairing();
startPieces();
startSecond();
startArchive();
startPrinting();
startPreviews();
startSimilar();
startText();

const problem = document.querySelector("[data-focus]");
if (problem) problem.focus();
