"""Register of measures, duties under the CRMA, and measures compared."""
