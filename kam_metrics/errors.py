"""Errors a reader can act on: a key into the words, the values of its blanks, and an exit code."""

from __future__ import annotations


class KamError(Exception):
    """Base of everything this package raises on purpose; its sentence is `error.<key>` in the words."""

    key = "failed"
    exit_code = 1

    def __init__(self, key: str | None = None, **values: object) -> None:
        self.key = key or self.key
        self.values = values
        super().__init__(f"{self.key} {values}" if values else self.key)


class UsageError(KamError):
    """A request that makes no sense as asked; asking differently helps."""

    exit_code = 2


class UnknownMeasure(UsageError):
    """No measure has this name."""

    key = "unknown_measure"


class UnknownDimension(UsageError):
    """No dimension has this name, or not for this measure."""

    key = "unknown_dimension"


class NotAllowed(KamError):
    """The reader's role does not allow this."""

    key = "not_allowed"


class RejectedExtract(KamError):
    """An extract was refused whole; the judgement says where and why."""

    key = "rejected_extract"


class UnknownLoad(KamError):
    """No load has this number, or it cannot be undone or redone now."""

    key = "unknown_load"


class SuccessionCircle(KamError):
    """Accounts would follow each other in a circle."""

    key = "succession_circle"


class StoreError(KamError):
    """The store cannot be used at all."""

    exit_code = 3


class StoreBusy(StoreError):
    """Another process holds the store file."""

    key = "store_busy"


class StoreForeign(StoreError):
    """The file is no store of ours."""

    key = "store_foreign"


class StoreDamaged(StoreError):
    """The file was a store but cannot be read whole."""

    key = "store_damaged"


class StoreNewer(StoreError):
    """The store was made by a newer version."""

    key = "store_newer"


class StoreUnreachable(StoreError):
    """The path cannot be opened or made."""

    key = "store_unreachable"


class StoreFull(StoreError):
    """The disk has no room left; nothing was changed."""

    key = "store_full"
