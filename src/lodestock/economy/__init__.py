"""What a missing tonne costs: exposure, sector ceilings, input-output propagation."""
