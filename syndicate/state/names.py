"""Names of files in the state folder that more than one room looks at."""

__all__ = ["LEDGER_FILE"]

LEDGER_FILE = "ledger.db"
