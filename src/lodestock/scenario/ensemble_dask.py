"""Parts of an ensemble on a Dask cluster: the optional engine, for which `distributed` must be installed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import distributed
from distributed.scheduler import KilledWorker

from lodestock.errors import LodestockError
from lodestock.scenario.ensemble import Arrays, Part, PartError, Work, call

# the package ships no types
_client: Any = distributed.Client
_as_completed: Any = distributed.as_completed


@dataclass(frozen=True, slots=True)
class DaskEngine:
    """Parts on the cluster of a scheduler address, such as tcp://10.0.0.1:8786. A lost worker's part runs elsewhere."""

    address: str
    timeout: str = "30s"

    def run(self, work: Work, parts: Sequence[Part]) -> Iterator[tuple[str, Arrays] | None]:
        """Run the parts."""
        try:
            client = _client(self.address, timeout=self.timeout, set_as_default=False)
        except OSError as error:
            raise LodestockError("the cluster does not answer", where=self.address, why=str(error)) from None
        try:
            # pure=False: a part is named by its id, never merged with another by the hash of its arguments
            futures = {
                client.submit(call, work, part.payload, key=f"{part.id}-{n}", pure=False): part.id
                for n, part in enumerate(parts)
            }
            for future in _as_completed(list(futures), loop=client.loop):
                name = futures[future]
                try:
                    result: Arrays = future.result()
                except LodestockError:
                    raise
                except KilledWorker as error:
                    raise PartError("workers keep dying on a part", where=name, why=str(error)) from None
                except Exception as error:
                    why = f"{type(error).__name__}: {error}"
                    raise PartError(f"part '{name}' failed", where=name, why=why) from error
                future.release()
                yield name, result
        finally:
            client.close()
