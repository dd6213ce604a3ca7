"""Where figures come from: sources, snapshots, corrections, the store, and the ledger behind every number."""
