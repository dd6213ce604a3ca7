"""Pieces and their nota, the approval route, commitments and motions."""
