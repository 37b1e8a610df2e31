"""`python -m facilitator.core`: how `sandbox.run` starts the process in which work is done."""

from facilitator.core.sandboxed import main

main()
