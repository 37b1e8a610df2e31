"""Every table of the product, gathered so that a new revision can be compared with the models."""

from __future__ import annotations

import facilitator.accounts.models
import facilitator.archive.models
import facilitator.arrangements.models
import facilitator.calendar.models
import facilitator.core.audit
import facilitator.core.clock
import facilitator.core.sightings
import facilitator.groups.models
import facilitator.meetings.models
import facilitator.proof.models
import facilitator.questions.models
import facilitator.repertoire.models
import facilitator.reports.models
import facilitator.retention.models
import facilitator.year.models  # noqa: F401 – importing is what registers the tables
from facilitator.core.db import Base

metadata = Base.metadata
