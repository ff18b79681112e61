"""Audit files of a whole bookkeeping (XAF 3.x and 4.0, SAF-T), read into totals that can be compared."""

from kam_metrics.auditfile.file import AuditFile, Control, LedgerAccount, Numbers, most_credit, suggested
from kam_metrics.auditfile.read import read_audit_file

__all__ = [
    "AuditFile",
    "Control",
    "LedgerAccount",
    "Numbers",
    "most_credit",
    "read_audit_file",
    "suggested",
]
