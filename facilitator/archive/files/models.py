"""The table of attachments; what they hold lies sealed in the folder of uploads, under the attachment's id.

Promises: a file is sealed with the key of its card, so it goes when the card goes; its name on disk tells nothing.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from facilitator.core.db import Base, random_id

WITHOUT_ROWID = {"sqlite_with_rowid": False}


class Attachment(Base):
    """A file of a card. `kind` is picture, paper, video or captions; `size` is that of the plain content in bytes."""

    __tablename__ = "attachments"
    __table_args__ = WITHOUT_ROWID

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    card_id: Mapped[str] = mapped_column(ForeignKey("cards.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int] = mapped_column(BigInteger)
