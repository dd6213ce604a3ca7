"""Lets the tests of this room share the made-up files of `provider_examples`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
