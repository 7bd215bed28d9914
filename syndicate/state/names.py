"""Names of files in the state folder that several packages use."""

__all__ = ["LEDGER_FILE"]

LEDGER_FILE = "ledger.db"
