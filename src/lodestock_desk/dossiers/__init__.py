"""Dossiers per material, partly public, with live figures."""
